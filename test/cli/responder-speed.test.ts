import { generateKeyPairSync } from 'node:crypto';

import { PGlite } from '@electric-sql/pglite';
import { pino } from 'pino';
import t from 'tap';

import { checkResponderSpeed } from '../../cli/responder-speed.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import { KeyError } from '../../keys/key-error.ts';
import type { Signer } from '../../keys/signer.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

/** A signer of 200 signatures a second by a clock of its own, and the log. */
function slow() {
  let nowMs = 0;
  const sign = async () => Buffer.alloc(0 * (nowMs += 5));
  const signer: Signer = { ...memorySigner(), label: 'slow-hsm', sign };
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'info' },
    { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { responders: [{ authorityId: 'bronze', signer }], lines, logger, elapsedMs: () => nowMs };
}

t.test('a slow key is refused with what it signs and what is needed', async (t) => {
  const { responders, ...options } = slow();
  await t.rejects(checkResponderSpeed(responders, { ...options, ocspPeak: 1000 }), {
    code: 'responder-too-slow',
    detail: /slow-hsm \(ecdsa-sha256\) of bronze signs 200 answers\/s; .* needs 1000/,
  });
});

t.test('it is enough to sign exactly the peak, and not one less', async (t) => {
  const { responders, ...options } = slow();
  await t.resolves(checkResponderSpeed(responders, { ...options, ocspPeak: 200 }));
  await t.rejects(checkResponderSpeed(responders, { ...options, ocspPeak: 201 }));
});

t.test('a slow key that is allowed is an error in the log', async (t) => {
  const { responders, lines, ...options } = slow();
  await t.resolves(checkResponderSpeed(responders, { ...options, ocspPeak: 1000, allowSlowKeys: true }));
  t.match(lines, [
    { level: 30, authority: 'bronze', key: 'slow-hsm', answersPerSecond: 200 },
    { level: 50, authority: 'bronze', answersPerSecond: 200, ocspPeak: 1000 },
  ]);
});

t.test('without a peak the speed is only logged', async (t) => {
  const { responders, lines, ...options } = slow();
  await t.resolves(checkResponderSpeed(responders, options));
  t.match(lines, [{ level: 30, answersPerSecond: 200 }]);
});

t.test('all that are too slow are named, and a fast one beside them is not', async (t) => {
  const one = slow();
  const other = { authorityId: 'silver', signer: { ...one.responders[0].signer, label: 'other-hsm' } };
  const rejected = await checkResponderSpeed([...one.responders, other], { ...one, ocspPeak: 500 }).catch(
    (error: { detail: string }) => error.detail,
  );
  t.match(rejected, /slow-hsm .* of bronze .*other-hsm .* of silver/);
});

t.test('RSA-4096 does not hold what P-256 holds', async (t) => {
  const { logger } = slow();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 4096 });
  const responder = (signer: Signer) => [{ authorityId: 'bronze', signer }];
  const options = { logger, ocspPeak: 2000 };
  await t.resolves(checkResponderSpeed(responder(memorySigner()), options));
  await t.rejects(checkResponderSpeed(responder(memorySigner(privateKey, 'rsa-sha256')), options), {
    code: 'responder-too-slow',
    detail: /rsa-sha256/,
  });
});

t.test('a key that is away is its own refusal', async (t) => {
  const { logger } = slow();
  const sign = () => Promise.reject(new KeyError('key-unavailable', 'no token'));
  const responders = [{ authorityId: 'bronze', signer: { ...memorySigner(), sign } }];
  await t.rejects(checkResponderSpeed(responders, { logger, ocspPeak: 1 }), { code: 'key-unavailable' });
});

t.test('the service does not start below its peak, unless slow keys are allowed', async (t) => {
  const opened = await openPool(await PGlite.create(), async () => undefined);
  t.teardown(() => opened.close());
  await migrate(opened.pool, MIGRATIONS);
  const options = { opened, dataDirectory: temporaryFolder(t), ocspPeak: 9_999_999 };
  await t.rejects(openTestService(options), { code: 'responder-too-slow' });
  const service = await openTestService({ ...options, allowSlowKeys: true });
  await service.close();
});
