import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';

import { systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgLeaderLock } from '../../db/pg-leader-lock.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { NodeProcess } from '../support/node-process.ts';
import { OcspLoad } from '../support/ocsp-load.ts';
import { asNodeUser, createRoles, enrolNode } from '../support/ocsp-node.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { runNginx } from '../support/run-nginx.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// The deployment of docs/OPERATIONS.md: three OCSP nodes behind nginx, two of them on the primary and one on a replica. While
// doctors are asked about and revoked, everything but the CA dies by kill -9 and comes back.

const DOCTORS = 40;
/** So that they last until the end, also on a machine that is busy with other things. */
const REVOCATION_MILLISECONDS = 700;
const ATTEMPT_MILLISECONDS = 100;
/** What the test has to have seen to say anything. */
const ANSWERS_MIN = 500;
const REVOCATIONS_MIN = 15;

/**
 * One second to every node, two in nginx's cache, and what the longest pause of a database below takes, on a machine that has other
 * things to do: what it takes on a quiet one is told.
 */
const VISIBLE_MILLISECONDS_MAX = 30_000;
const SILENCE_MILLISECONDS_MAX = 15_000;
const FAILED_SHARE_MAX = 0.02;

const folder = temporaryFolder(t);
const primary = await PostgresServer.create(t);
await createRoles(primary.url);
const opened = await openPostgres(primary.url);
await migrate(opened.pool, MIGRATIONS);
const service = await openTestService({
  opened,
  dataDirectory: join(folder, 'ca'),
  crlLock: new PgLeaderLock(primary.url, 'crl'),
  clock: systemClock,
});
t.teardown(async () => {
  await service.close();
  await opened.close();
});
const nodeNames = ['ocsp-1', 'ocsp-2', 'ocsp-3'];
for (const nodeName of nodeNames)
  await enrolNode({ nodeName, dataDirectory: join(folder, nodeName), databaseUrl: primary.url });
const doctors: IssuedDoctor[] = [];
for (let count = 0; count < DOCTORS; count += 1) doctors.push(await issueDoctor(service));
const replica = await primary.createReplica(t);
const databases = [primary, primary, replica];
const nodes: NodeProcess[] = [];
for (const [at, nodeName] of nodeNames.entries()) {
  nodes.push(
    await NodeProcess.create(t, {
      MOHR_ROLES: 'ocsp',
      MOHR_NODE_NAME: nodeName,
      MOHR_DATA_DIR: join(folder, nodeName),
      DATABASE_URL: asNodeUser(databases[at].url),
    }),
  );
}
for (const node of nodes) node.start();
await Promise.all(nodes.map((node) => node.ready()));
const front = await runNginx(t, join(folder, 'nginx'), nodes);
const issuer = service.house.hierarchy.certificates.get('bronze')!;
const load = new OcspLoad({ url: `${front}/ocsp/bronze`, issuer, doctors });

t.test('nodes, the database and its replica die and come back, and no answer is wrong', async (t) => {
  const stopped = new AbortController();
  const asking = load.run(stopped.signal);
  const revoking = revokeOneByOne(stopped.signal);
  await dieAndComeBack();
  // A machine on which everything is back at once has not revoked much by then.
  while (load.answers.length <= ANSWERS_MIN || load.revocations.size <= REVOCATIONS_MIN)
    await delay(ATTEMPT_MILLISECONDS);
  stopped.abort();
  await Promise.all([asking, revoking]);

  const { answers, failures, revocations } = load;
  const { longestSilence, latestGood } = load;
  const counts = `${answers.length} answers, ${failures.length} failures, ${revocations.size} revocations`;
  t.comment(`${counts}; ${longestSilence} ms of silence; good for ${latestGood} ms after a revocation`);
  t.ok(answers.length > ANSWERS_MIN, `${answers.length} answers`);
  t.ok(revocations.size > REVOCATIONS_MIN, `${revocations.size} revocations`);
  t.strictSame(load.wrongAnswers(), [], 'no answer was wrong at its own time');
  t.strictSame(load.lateAnswers(VISIBLE_MILLISECONDS_MAX), [], 'each revocation was seen in time');
  t.ok(failures.length <= answers.length * FAILED_SHARE_MAX, `${failures.length} failures`, { failures });
  t.ok(longestSilence < SILENCE_MILLISECONDS_MAX, `${longestSilence} ms without an answer`);
});

t.test('no revocation is lost on any node', async (t) => {
  for (const [at, node] of nodes.entries()) {
    const direct = new OcspLoad({ url: `${node.url}/ocsp/bronze`, issuer, doctors });
    const until = performance.now() + VISIBLE_MILLISECONDS_MAX;
    for (const doctor of doctors) {
      const expected = load.revocations.has(doctor) ? 'revoked' : 'good';
      const ask = () => direct.statusOf(doctor).catch(String);
      let told = await ask();
      for (; told !== expected && performance.now() < until; told = await ask())
        await delay(ATTEMPT_MILLISECONDS);
      t.equal(told, expected, nodeNames[at]);
    }
  }
});

t.test('nginx keeps an answer for seconds, and never one that is not public', async (t) => {
  const good = doctors.find((doctor) => !load.revocations.has(doctor))!;
  const [doctor] = doctors;
  const cached = async (one: IssuedDoctor, nonce?: Buffer) =>
    (await fetch(load.getUrl(one, nonce))).headers.get('x-cache');
  await cached(good);
  t.equal(await cached(good), 'HIT');
  const nonce = Buffer.alloc(32, 5);
  t.equal(await cached(doctor, nonce), 'MISS');
  t.equal(await cached(doctor, nonce), 'MISS');
});

/** Every death of the deployment, one after the other; each comes back before the next. */
async function dieAndComeBack(): Promise<void> {
  await delay(1_000);
  await restart(nodes[0]);
  primary.kill();
  await delay(1_000);
  await primary.start();
  await delay(1_500);
  replica.kill();
  await delay(500);
  await replica.start();
  await restart(nodes[2]);
  // A node that starts while its database is away waits for it.
  primary.kill();
  await nodes[1].kill();
  nodes[1].start();
  await nodes[1].logged('waiting: cannot connect to');
  await primary.start();
  await nodes[1].ready();
  await delay(2_000);
}

async function restart(node: NodeProcess): Promise<void> {
  await node.kill();
  node.start();
  await node.ready();
}

async function revokeOneByOne(signal: AbortSignal): Promise<void> {
  const cookie = await service.cookieOf('ca-operator');
  // A few are left good.
  for (const doctor of doctors.slice(5)) {
    if (signal.aborted) return;
    const revocation: { asked: number; done?: number } = { asked: systemClock.now().getTime() };
    load.revocations.set(doctor, revocation);
    for (let status = 0; status !== 200; await delay(ATTEMPT_MILLISECONDS)) {
      const answer = await service.app.inject({
        method: 'POST',
        url: `${doctor.path}/revoke`,
        headers: { cookie },
        payload: { reason: 'keyCompromise' },
      });
      status = answer.statusCode;
      // The answer to an attempt before was lost with its connection; what it did is there.
      if (status === 409) break;
    }
    revocation.done = systemClock.now().getTime();
    await delay(REVOCATION_MILLISECONDS);
  }
}
