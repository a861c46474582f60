import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { pino } from 'pino';
import t from 'tap';

import { buildStatusApp } from '../../api/status-app.ts';
import { readSettings } from '../../cli/settings.ts';
import { openTsaNode } from '../../cli/tsa/serve-tsa-node.ts';
import { closeAll } from '../../cli/until-stopped.ts';
import type { Closers } from '../../cli/until-stopped.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import { digest, digestOid } from '../../pki/digest-algorithm.ts';
import { nameText } from '../../pki/name.ts';
import { encodeTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { stamperOf } from '../../signing/stamper-of-token.ts';
import { makeDeployment } from '../support/deployment.ts';
import { checkMetricsOf } from '../support/metrics-table.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const QUERY = encodeTimeStampRequest({
  digestOid: digestOid('sha256'),
  hash: digest('sha256', Buffer.from('Rp.')),
  certReq: true,
});

t.test('a node stamps with a key of its own once the CA has certified it', async (t) => {
  const deployment = await makeDeployment(t, 'postgres');
  const folder = temporaryFolder(t);
  const flags = ['--data-dir', folder, '--node-name', 'tsa-1'];
  const outcome = readSettings([...flags, '--roles', 'tsa', '--tsa-clock', 'unchecked'], {});
  if (outcome.faults) throw new Error(outcome.faults.join());
  const clock = new ManualClock(systemClock.now());
  const closers: Closers = [];
  t.teardown(() => closeAll(closers));
  const logger = pino({ level: 'silent' });
  const monotonicMilliseconds = () => clock.now().getTime();
  const node = { settings: outcome.settings, clock, logger, monotonicMilliseconds };
  const app = await buildStatusApp(await openTsaNode(node, closers), { logger });
  closers.unshift(() => app.close());
  const stamp = async () => {
    clock.advanceSeconds(5);
    const headers = { 'content-type': 'application/timestamp-query' };
    return parseTimeStampResponse(
      (await app.inject({ method: 'POST', url: '/tsa', headers, payload: QUERY })).rawPayload,
    );
  };

  t.match(await stamp(), { status: 'rejection', failures: ['systemFailure'] });
  t.equal((await app.inject('/ready')).statusCode, 503, 'and it is not ready');

  const [request, chain] = ['tsa-1.csr', 'tsa-1.pem'].map((name) => join(folder, name));
  const requested = await runMohr(['keys', 'request-tsa', request, ...flags]);
  t.match(requested, { code: 0, stdout: /^file:tsa-tsa-1-/ }, requested.stderr);
  const certified = await deployment.run(['keys', 'certify-tsa', request, chain, '--node-name', 'tsa-1']);
  t.match(certified, { code: 0, stdout: `${chain}\n` }, certified.stderr);
  appendFileSync(join(folder, 'tsa-certificates.pem'), readFileSync(chain));

  // Later than every look at the files before, however fast the commands were.
  clock.set(new Date(systemClock.now().getTime() + 60_000));
  const granted = await stamp();
  if (granted.status !== 'granted') return t.fail(granted.texts.join());
  const { certificate, embedded } = stamperOf(granted.token);
  t.match(nameText(certificate.subject), /CN=Time Stamping Unit tsa-1/);
  t.equal(embedded.length, 2, 'with its issuer');
  t.equal(parseTimeStampToken(granted.token).info.ordering, true);
  t.equal((await app.inject('/ready')).statusCode, 200);
  t.equal((await app.inject('/api/v1/sessions')).statusCode, 404, 'and it does nothing else');
  const token = readFileSync(join(folder, 'metrics-token'), 'utf8').trim();
  const { body } = await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${token}` } });
  checkMetricsOf(t, 'tsa', body);
  t.match(body, /^mohr_certificate_not_after_timestamp_seconds\{kind="time-stamping",name="[^"]*tsa-1/m);
  await deployment.withStores(async ({ database }) => {
    const rows = await database.query<{ origin: string }>({
      text: "select origin from certificate where origin like 'service-unit:%@tsa-1'",
    });
    t.equal(rows.length, 1, 'the CA knows it by the name of the node');
  });
  const again = await deployment.run(['keys', 'certify-tsa', request, `${chain}.2`, '--node-name', 'tsa-1']);
  t.match(again, { code: 1, stderr: /key-reused|key-in-use/ }, 'no key is certified twice');
});
