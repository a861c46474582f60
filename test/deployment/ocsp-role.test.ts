import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';
import { pino } from 'pino';
import t from 'tap';

import { readSettings } from '../../cli/settings.ts';
import { KeyStore } from '../../cli/key-store.ts';
import { openStatusNode } from '../../cli/status-node.ts';
import { systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { checkMetricsOf } from '../support/metrics-table.ts';
import { NodeProcess } from '../support/node-process.ts';
import { createNodeUser, enrolNode, execute } from '../support/ocsp-node.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

const folder = temporaryFolder(t);
const { url: databaseUrl } = await createTestDatabase(t);
const user = await createNodeUser(databaseUrl, []);
t.teardown(() => user.drop());
const nodeFolder = join(folder, 'ocsp-1');
const node = await NodeProcess.create(t, {
  MOHR_ROLES: 'ocsp,crl',
  MOHR_NODE_NAME: 'ocsp-1',
  MOHR_DATA_DIR: nodeFolder,
  DATABASE_URL: user.url,
});

node.start();
await node.logged('waiting: the database lacks 0001_authorities, 0002_certificates');
const opened = await openPostgres(databaseUrl);
await migrate(opened.pool, MIGRATIONS);
await node.logged('waiting: the database user may not read what this role needs');
await execute(databaseUrl, `grant mohr_ocsp, mohr_crl to ${user.name}`);
const service = await openTestService({ opened, dataDirectory: join(folder, 'ca') });
t.teardown(async () => {
  await service.close();
  await opened.close();
});
await node.logged('waiting: no CA has certified a responder key of the node ocsp-1');
await enrolNode({ nodeName: 'ocsp-1', dataDirectory: nodeFolder, databaseUrl, count: 3 });
const doctor = await issueDoctor(service);
await node.ready();

const issuer = service.house.hierarchy.certificates.get('bronze')!;
const request = encodeOcspRequest([encodeCertId('sha256', issuer, doctor.certificate.serialNumber)]);

t.test('a node of its own answers, with its own key, and follows what the CA does', async (t) => {
  t.match(await ask(), { responses: [{ status: { kind: 'good' } }] });
  const cookie = await service.cookieOf('ca-operator');
  const revoke = { method: 'POST' as const, url: `${doctor.path}/revoke`, headers: { cookie } };
  const { statusCode } = await service.app.inject({ ...revoke, payload: { reason: 'keyCompromise' } });
  t.equal(statusCode, 200);
  while ((await ask()).responses[0].status.kind === 'good');
  t.match(await ask(), { responses: [{ status: { kind: 'revoked', reason: 'keyCompromise' } }] });
});

t.test('it serves CRLs and CA certificates, and no API', async (t) => {
  const statusOf = async (path: string) => (await fetch(node.url + path)).status;
  t.equal(await statusOf('/crl/bronze.crl'), 200);
  t.equal(await statusOf('/ca/bronze.cer'), 200);
  t.strictSame(await (await fetch(`${node.url}/ready`)).json(), {
    ready: true,
    checks: { ocsp: 'ok', crl: 'ok' },
  });
  for (const path of ['/api/v1/authorities', '/docs', '/sign-in', '/ocsp/silver/AAAA'])
    t.equal(await statusOf(path), 404, path);
});

t.test('it tells the metrics of its role', async (t) => {
  const token = readFileSync(join(nodeFolder, 'metrics-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  const text = await (await fetch(`${node.url}/metrics`, { headers })).text();
  checkMetricsOf(t, 'ocsp', text);
  t.match(text, /^mohr_ocsp_answers_total\{outcome="successful"\} [1-9]/m);
  t.match(text, /^mohr_certificate_not_after_timestamp_seconds\{kind="ocsp-responder",name="bronze"\} \d/m);
});

t.test('it has no key but its own, and cannot sign a certificate', async (t) => {
  const keys = readdirSync(join(nodeFolder, 'keys')).filter((name) => name.endsWith('.key'));
  t.equal(keys.length, 3);
  for (const name of keys) t.match(name, /^ocsp-bronze-ocsp-1-[0-9a-f]{8}\.key$/);
  const keyStore = await KeyStore.open(join(nodeFolder, 'keys'));
  for (const { keyReference } of service.house.hierarchy.records) {
    if (keyReference) await t.rejects(keyStore.openSigner(keyReference), { code: 'secret-file-unreadable' });
  }
  const own = await keyStore.openSigner(`file:${keys[0]}`);
  t.notOk(own.subjectPublicKeyInfo.equals(issuer.subjectPublicKeyInfo));
});

t.test('its database user reads no name and writes nothing', async (t) => {
  const client = new pg.Client({ connectionString: user.url });
  await client.connect();
  const outcome = async (statement: string) => {
    try {
      await client.query(statement);
      return 'allowed';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const DENIED = '42501';
  const { rows: tables } = await opened.pool.query<{ name: string; column: string }>(
    `select distinct on (table_name) table_name as name, column_name as column from information_schema.columns
      where table_schema = 'public' order by table_name, ordinal_position`,
  );
  t.ok(tables.length > 15);
  // Roles read whole: numbers, responder certificates, CRLs, hashes and checkpoints of the log, all of them public.
  const readable = [
    'audit_checkpoint',
    'audit_node',
    'audit_tree',
    'crl',
    'crl_chunk',
    'crl_part',
    'ocsp_responder',
    'status_counter',
    'status_heartbeat',
  ];
  for (const { name, column } of tables) {
    t.equal(await outcome(`select * from ${name}`), readable.includes(name) ? 'allowed' : DENIED, name);
    for (const statement of [
      `insert into ${name} default values`,
      `update ${name} set ${column} = default`,
      `delete from ${name}`,
      `truncate ${name}`,
      `drop table ${name}`,
    ])
      t.equal(await outcome(statement), DENIED, statement);
  }
  for (const column of ['der', 'origin', 'profile_id'])
    t.equal(await outcome(`select ${column} from certificate`), DENIED, column);
  t.equal(await outcome('select requested_by from status_change'), DENIED);
  t.equal(await outcome('create table mine (n int)'), DENIED);
  t.equal(
    await outcome('select create_database_roles()'),
    DENIED,
    'a function gives nothing that its caller has not',
  );
  await client.end();
});

t.test('it takes its next key by itself when the CA has certified it', async (t) => {
  await node.kill();
  const { clock } = service;
  clock.set(systemClock.now());
  const outcome = readSettings(
    ['--roles', 'ocsp', '--node-name', 'ocsp-1', '--data-dir', nodeFolder, '--database-url', user.url],
    {},
  );
  if (outcome.faults) throw new Error(outcome.faults.join());
  const { settings } = outcome;
  const reader = await openPostgres(user.url, { readOnly: true });
  const options = { settings: { ...settings, roles: settings.roles! }, opened: reader, clock };
  const own = await openStatusNode({ ...options, logger: pino({ level: 'silent' }) });
  const responder = own.services.ocspResponder!;
  const keyHash = async () => readVerified((await responder.answer(request)).body, issuer).responderId;
  const first = await keyHash();
  // A third of the 90 days is left, and then the new certificate has settled.
  clock.advanceSeconds(61 * 86_400);
  await certified(2);
  await own.lookForResponders();
  clock.advanceSeconds(2 * 3600);
  await untilCurrent();
  const second = JSON.stringify(await keyHash());
  t.not(second, JSON.stringify(first));

  // A key that is blocked is replaced at once, and signs nothing more.
  const [{ certificate }] = await newestOfNode();
  const spki = digest('sha256', parseCertificate(certificate).subjectPublicKeyInfo);
  await opened.pool.query(`insert into blocked_key values ($1, 'lost', $2)`, [spki, clock.now()]);
  await certified(3);
  await own.lookForResponders();
  t.not(JSON.stringify(await keyHash()), second);
  await own.close();
  await reader.close();

  async function certified(count: number): Promise<void> {
    for (let found = 0; found < count; await delay(50)) {
      const { rows } = await opened.pool.query('select 1 from ocsp_responder where node_name is not null');
      found = rows.length;
    }
  }

  async function newestOfNode(): Promise<{ certificate: Buffer }[]> {
    const { rows } = await opened.pool.query<{ certificate: Buffer }>(
      'select certificate from ocsp_responder where node_name is not null order by not_before desc limit 1',
    );
    return rows;
  }

  async function untilCurrent(): Promise<void> {
    const isReady = () =>
      own.services.readiness['ocsp']().then(
        () => true,
        () => false,
      );
    while (!(await isReady())) await delay(10);
  }
});

async function ask() {
  const answer = await fetch(`${node.url}/ocsp/bronze`, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: request,
  });
  return readVerified(Buffer.from(await answer.arrayBuffer()), issuer);
}
