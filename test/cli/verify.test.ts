import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import t from 'tap';

import { encodePem } from '../../pki/pem.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { MIGRATIONS, copyPreparedKeys, postgresTemplate } from '../support/prepared-starts.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import { MOHR } from '../support/start-mohr.ts';

const FILES = 400;

interface Result {
  reference: string;
  indication?: string;
  subIndication?: string;
  error?: { code: string };
}

t.test('a folder of an insurer, against the deployment', async (t) => {
  const dataDirectory = temporaryFolder(t);
  copyPreparedKeys('postgres', dataDirectory);
  const { url } = await createTestDatabase(t, postgresTemplate('first-start'));
  const opened = await openPostgres(url);
  await migrate(opened.pool, MIGRATIONS);
  const service = await openTestService({ opened, dataDirectory });
  const { signer, certificate } = await issueDoctor(service);
  await service.close();
  await opened.close();
  const environment = { DATABASE_URL: url, MOHR_DATA_DIR: dataDirectory };
  const folder = join(temporaryFolder(t), 'month');
  mkdirSync(join(folder, 'second'), { recursive: true });
  const signing = { signer, certificate, signingTime: new Date() };
  for (let index = 0; index < FILES; index += 1) {
    const content = Buffer.from(`Rp. ${index}`);
    writeFileSync(
      join(folder, `${String(index).padStart(4, '0')}.p7m`),
      await signCades({ ...signing, content }),
    );
  }
  const content = Buffer.from('{"docId":"0000112233"}');
  writeFileSync(join(folder, 'second', 'a.txt'), content);
  writeFileSync(
    join(folder, 'second', 'a.txt.p7s'),
    await signCades({ ...signing, content, detached: true }),
  );
  writeFileSync(join(folder, 'second', 'b.txt'), content);
  writeFileSync(
    join(folder, 'second', 'b.txt.jws'),
    await signJades({ ...signing, content, detached: true }),
  );
  writeFileSync(join(folder, 'second', 'c.jws'), await signJades({ ...signing, content }));
  writeFileSync(join(folder, 'notes.txt'), 'no signature');

  await t.test('all pass, a line each, in the order of their names', async (t) => {
    const { code, stdout, stderr } = await runMohr(['verify', folder], environment);
    const results = resultsOf(stdout);
    t.equal(results.length, FILES + 3);
    t.strictSame(
      results.filter(({ indication }) => indication !== 'TOTAL-PASSED'),
      [],
    );
    t.equal(code, 0, stderr);
    t.match(stderr, `verify: ${FILES + 3} files, 0 have not passed`);
    t.strictSame(
      results.slice(-3).map(({ reference }) => reference),
      ['a.txt.p7s', 'b.txt.jws', 'c.jws'].map((name) => join(folder, 'second', name)),
    );
  });

  await t.test('after kill -9 the rest is done, and nothing twice', async (t) => {
    const out = join(temporaryFolder(t), 'results.ndjson');
    const killed = spawn(process.execPath, [...MOHR, 'verify', folder, '--out', out, '--threads', '1'], {
      env: { ...process.env, ...environment },
      stdio: 'ignore',
    });
    const ended = once(killed, 'exit');
    while (sizeOf(out) === 0 && killed.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    killed.kill('SIGKILL');
    await ended;
    const before = resultsOf(readFileSync(out, 'utf8').replace(/[^\n]*$/, ''));
    t.ok(before.length > 0);
    appendFileSync(out, '{"reference":"torn');
    t.match(await runMohr(['verify', folder, '--out', out], environment), {
      code: 1,
      stderr: /results-exist|exists/,
    });
    const { code, stderr } = await runMohr(['verify', folder, '--out', out, '--resume'], environment);
    t.equal(code, 0, stderr);
    const references = resultsOf(readFileSync(out, 'utf8')).map(({ reference }) => reference);
    t.equal(references.length, FILES + 3);
    t.equal(new Set(references).size, FILES + 3);
    t.strictSame(
      references.slice(0, before.length),
      before.map(({ reference }) => reference),
    );
  });

  await t.test('what does not pass, or cannot be read, says so', async (t) => {
    const bad = temporaryFolder(t);
    const forged = await signCades({ ...signing, content });
    forged[forged.length - 4] ^= 1;
    writeFileSync(join(bad, 'forged.p7m'), forged);
    writeFileSync(join(bad, 'empty.p7m'), '');
    writeFileSync(join(bad, 'plain.json'), '{"docId":"1"}');
    writeFileSync(join(bad, 'swapped.txt'), 'another text');
    writeFileSync(join(bad, 'swapped.txt.p7s'), await signCades({ ...signing, content, detached: true }));
    writeFileSync(join(bad, 'good.p7m'), await signCades({ ...signing, content }));
    const { code, stdout } = await runMohr(
      ['verify', bad, '--received-at', new Date().toISOString()],
      environment,
    );
    t.equal(code, 1);
    t.match(resultsOf(stdout), [
      { reference: /empty/, error: { code: 'cms-malformed' } },
      { reference: /forged/, indication: 'TOTAL-FAILED', subIndication: 'SIG_CRYPTO_FAILURE' },
      { reference: /good/, indication: 'TOTAL-PASSED' },
      { reference: /plain/, error: { code: 'jws-malformed' } },
      { reference: /swapped/, indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' },
    ]);
  });
});

t.test('offline, by trusted certificates: without a status nothing passes', async (t) => {
  const folder = temporaryFolder(t);
  const deployment = await FixtureDeployment.create();
  const { signer, certificate } = await deployment.issue();
  const chain = [deployment.bronze.certificate];
  const content = Buffer.from('Rp.');
  writeFileSync(
    join(folder, 'a.p7m'),
    await signCades({ content, signer, certificate, chain, signingTime: NOON }),
  );
  writeFileSync(join(folder, 'roots.pem'), encodePem('CERTIFICATE', deployment.root.certificate.bytes));
  const { code, stdout } = await runMohr([
    'verify',
    join(folder, 'a.p7m'),
    '--trust',
    join(folder, 'roots.pem'),
    '--received-at',
    NOON.toISOString(),
  ]);
  t.equal(code, 1);
  t.match(resultsOf(stdout), [
    { indication: 'INDETERMINATE', subIndication: 'TRY_LATER', cryptographic: 'PASSED' },
  ]);
});

t.test('says what is wrong with the call', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'roots.pem'), 'no certificate');
  const calls: [string[], number][] = [
    [[], 2],
    [['--resume', folder], 2],
    [['--threads', '0', folder], 2],
    [['--received-at', 'yesterday', folder], 2],
    [['--trust', join(folder, 'roots.pem'), folder], 1],
    [['--trust', join(folder, 'missing.pem'), folder], 1],
  ];
  const codes = await Promise.all(calls.map(async ([args]) => (await runMohr(['verify', ...args])).code));
  t.strictSame(
    codes,
    calls.map(([, code]) => code),
  );
});

function resultsOf(text: string): Result[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
