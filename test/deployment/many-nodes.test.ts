import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import t from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import { Database } from '../../db/database.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { breakableLink } from '../support/breakable-link.ts';
import { freePort } from '../support/free-port.ts';
import { NodeProcess } from '../support/node-process.ts';
import { asNodeUser, createRoles, enrolNode } from '../support/ocsp-node.ts';
import { assertAllIsThere, signInOfficers } from '../support/office-check.ts';
import { workThroughFaults } from '../support/office-work.ts';
import type { Case, Tally } from '../support/office-work.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { runNginx } from '../support/run-nginx.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The deployment of docs/OPERATIONS.md, "Many nodes": two nodes of the whole service and two of OCSP behind nginx, a primary that
// waits for its replica, and an address of the database that moves. Officers work while one thing after the other fails; after each
// fault nothing that was acknowledged is missing, and fsck finds nothing.

const LANES = 3;
/** Approvals before a fault, and after it. */
const CASES_AROUND = 4;
const FROZEN_MILLISECONDS = 3_000;
/** In which what a fault has interrupted has to be completed. */
const RECOVERY_MILLISECONDS_MAX = 120_000;
const POLL_MILLISECONDS = 200;
/** As long as nginx keeps an answer. */
const CACHE_MILLISECONDS = 2_000;

const folder = temporaryFolder(t);
const primary = await PostgresServer.create(t);
await createRoles(primary.url);
const replica = await primary.createReplica(t);
await primary.waitForReplica();
// What keepalived, HAProxy or the operator does with an address.
const link = await breakableLink(t, primary.url);

const { apiNodes, ocspNodes, front } = await openDeployment();
const officers = await signInOfficers({ publicUrl: front, loginLinks: apiNodes[0].loginLinks });
const cases: Case[] = [];
const tally: Tally = { acknowledged: 0, interrupted: 0 };
const leadersBefore = await leaders(primary);
let standing = primary;

const FAULTS: Record<string, () => Promise<void>> = {
  'a node of the service is killed, the one that leads': async () => {
    await apiNodes[0].kill();
    await work(CASES_AROUND);
    apiNodes[0].start();
    await apiNodes[0].ready();
  },
  'the primary stands still': async () => {
    primary.freeze();
    await delay(FROZEN_MILLISECONDS);
    primary.thaw();
  },
  'the primary is killed and started again': async () => {
    primary.kill();
    await delay(500);
    await primary.start();
  },
  'the network to the database is cut': async () => {
    link.cut();
    await delay(1_000);
    await link.mend();
  },
  'the primary is lost for good, and its replica promoted': async () => {
    primary.kill();
    link.cut();
    await replica.promote();
    standing = replica;
    await link.mend(replica.url);
  },
  'the other node of the service, and a node of OCSP, are killed': async () => {
    await Promise.all([apiNodes[1].kill(), ocspNodes[0].kill()]);
    await work(CASES_AROUND);
    for (const node of [apiNodes[1], ocspNodes[0]]) node.start();
    await Promise.all([apiNodes[1], ocspNodes[0]].map((node) => node.ready()));
  },
};

t.strictSame(leadersBefore, { crl: 1 }, 'of two nodes one leads');

for (const [name, fault] of Object.entries(FAULTS))
  t.test(name, async (t) => {
    let isOver = false;
    const lanes = Array.from({ length: LANES }, () =>
      workThroughFaults(officers, cases, tally, () => isOver),
    );
    await work(CASES_AROUND);
    await fault();
    await work(CASES_AROUND);
    isOver = true;
    await Promise.all(lanes);
    t.strictSame(await findingsOnceQuiet(), [], 'fsck finds nothing');
    await untilThere(async () => 'crl' in (await leaders(standing)));
    t.strictSame(await leaders(standing), { crl: 1 }, 'one node leads');
  });

t.test('nothing that was acknowledged is missing', async (t) => {
  await delay(CACHE_MILLISECONDS);
  await assertAllIsThere(t, officers, cases, front);
  const { acknowledged, interrupted } = tally;
  const faults = Object.keys(FAULTS).length;
  t.comment(`${faults} faults, ${acknowledged} cases served, ${interrupted} interrupted, 0 lost`);
  t.ok(acknowledged >= 2 * CASES_AROUND * faults, `${acknowledged} cases were served`);
});

async function openDeployment() {
  const port = await freePort();
  const front = `http://127.0.0.1:${port}`;
  const dataDirectory = (name: string) => join(folder, name);
  const common = { MOHR_OCSP_PEAK: '100', MOHR_PUSH_HOSTS: 'none', MOHR_PUBLIC_URL: front };
  const node = (name: string, url: string, own: Record<string, string> = {}) =>
    NodeProcess.create(t, { ...common, DATABASE_URL: url, MOHR_DATA_DIR: dataDirectory(name), ...own });
  const ocspNode = (name: string, url: string) =>
    node(name, asNodeUser(url), { MOHR_ROLES: 'ocsp', MOHR_NODE_NAME: name });
  const apiNodes = [await node('api-1', link.url), await node('api-2', link.url)];
  const ocspNodes = [await ocspNode('ocsp-1', link.url), await ocspNode('ocsp-2', replica.url)];
  await runNginx(t, join(folder, 'nginx'), ocspNodes, { apiNodes, port });
  apiNodes[0].start();
  await apiNodes[0].ready();
  // A second node has the keys of the first, here by a copy of its files.
  cpSync(dataDirectory('api-1'), dataDirectory('api-2'), {
    recursive: true,
    filter: (path) => !path.includes('lock'),
  });
  apiNodes[1].start();
  for (const nodeName of ['ocsp-1', 'ocsp-2'])
    await enrolNode({ nodeName, dataDirectory: dataDirectory(nodeName), databaseUrl: link.url });
  for (const one of ocspNodes) one.start();
  await Promise.all([apiNodes[1], ...ocspNodes].map((one) => one.ready()));
  return { apiNodes, ocspNodes, front };
}

/** Resolves when the lanes have served so many cases more. */
async function work(count: number): Promise<void> {
  const until = tally.acknowledged + count;
  while (tally.acknowledged < until) await delay(POLL_MILLISECONDS);
}

/** Nodes that hold the lock of whoever leads, by what is led. */
async function leaders({ url }: PostgresServer): Promise<Record<string, number>> {
  const { pool, close } = await openPostgres(url);
  const { rows } = await pool.query<{ name: string; count: number }>(`select
    replace(application_name, 'mohr-lead-', '') as name, count(*)::int from pg_stat_activity a
    where application_name like 'mohr-lead-%' and exists (select from pg_locks l
      where l.pid = a.pid and l.locktype = 'advisory' and l.granted) group by 1`);
  await close();
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** What fsck says when nodes have completed what was interrupted. */
async function findingsOnceQuiet(): Promise<string[]> {
  const { pool, close } = await openPostgres(standing.url);
  const records = new PgRecords(new Database(pool));
  let found: string[] = [];
  await untilThere(async () => {
    found = [];
    for await (const { code, subject } of checkRecords(records)) found.push(`${code} ${subject}`);
    return found.length === 0;
  });
  await close();
  return found;
}

/** Asks until it is so, or until it should long have been. */
async function untilThere(isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + RECOVERY_MILLISECONDS_MAX;
  while (!(await isSo()) && performance.now() < until) await delay(POLL_MILLISECONDS);
}
