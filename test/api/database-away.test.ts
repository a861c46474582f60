import { setTimeout as delay } from 'node:timers/promises';

import type { InjectOptions, LightMyRequestResponse as Answer } from 'fastify';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgLeaderLock } from '../../db/pg-leader-lock.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import type { RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { applicationBody } from '../support/applications.ts';
import { passkeyOf } from '../support/approve.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { startPostgresCluster } from '../support/postgres-cluster.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// A PostgreSQL of this file's own goes down while officers work: first by a crash from which it comes back, then for good.

/** As other clusters of the tests, but that a commit outlives the server: this one is killed. */
const SETTINGS = ['fsync=off', 'synchronous_commit=on', 'max_connections=50'];

const ATTEMPTS_MAX = 4_000;
const ATTEMPT_MILLISECONDS = 25;

interface Fixture extends TestService {
  doctor: IssuedDoctor;
  clerk: string;
  approver: string;
}

t.test('while the database is away', async (t) => {
  const cluster = await startPostgresCluster(SETTINGS);
  t.teardown(() => cluster.stop());
  const opened = await openPostgres(cluster.url);
  await migrate(opened.pool, MIGRATIONS);
  const crlLock = new PgLeaderLock(cluster.url, 'crl');
  const service = await openTestService({ opened, crlLock, dataDirectory: temporaryFolder(t) });
  const fixture: Fixture = {
    ...service,
    doctor: await issueDoctor(service),
    clerk: await service.cookieOf('clerk'),
    approver: await service.cookieOf('approving-officer'),
  };
  await t.test('a crash of the server is a pause', (t) => crash(t, fixture));
  await t.test('what hangs is not ready', (t) => hang(t, fixture));
  await cluster.stop();
  await t.test('what needs the database says so, and what does not goes on', (t) => away(t, fixture));
  await t.test('stopping does not wait for it', async () => {
    await service.close();
    await opened.close();
  });
});

async function crash(t: Test, fixture: Fixture): Promise<void> {
  const { app, clerk, approver, house } = fixture;
  const filed: string[] = [];
  const issued: string[] = [];
  const statuses = new Map<number, Answer>();
  const send = async (options: InjectOptions): Promise<Answer> => {
    const answer = await app.inject(options);
    statuses.set(answer.statusCode, answer);
    return answer;
  };
  let isOver = false;
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const payload = await applicationBody();
      const file = await send({
        method: 'POST',
        url: '/api/v1/applications',
        headers: { cookie: clerk },
        payload,
      });
      if (file.statusCode !== 201) continue;
      const { id } = file.json<{ id: string }>();
      filed.push(id);
      const url = `/api/v1/applications/${id}`;
      const prepared = await send({ url: `${url}/approval`, headers: { cookie: approver } });
      if (prepared.statusCode !== 200) continue;
      const { options } = prepared.json<{ options: RequestOptions }>();
      const approve = await send({
        method: 'POST',
        url: `${url}/approve`,
        headers: { cookie: approver },
        payload: { version: 1, assertion: passkey.get(options) },
      });
      if (approve.statusCode === 200) issued.push(id);
    }
  };
  const passkey = await passkeyOf(app, approver);
  const lanes = [lane(), lane(), lane()];
  const ocsp = await ocspRequest(fixture);
  for (let attempt = 0; issued.length < 5 && attempt < ATTEMPTS_MAX; attempt += 1)
    await delay(ATTEMPT_MILLISECONDS);
  const [{ pid }] = await house.stores.database.query<{ pid: number }>({
    text: 'select pg_backend_pid() as pid',
  });
  // The server takes the death of one of its processes for damage, ends all of them and recovers.
  process.kill(pid, 'SIGKILL');
  const before = issued.length;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    t.equal(parseOcspResponse((await app.inject(ocsp)).rawPayload).status, 'successful', 'OCSP goes on');
    if (statuses.has(503) && issued.length > before + 3) break;
    await delay(ATTEMPT_MILLISECONDS);
  }
  isOver = true;
  await Promise.all(lanes);
  t.ok(issued.length > before + 3, `${issued.length - before} were issued afterwards`);
  t.strictSame([...statuses.keys()].sort(), [200, 201, 503], 'refused for a while, and nothing worse');
  const refusal = statuses.get(503)!;
  t.match(refusal.json(), { code: 'database-unreachable' });
  t.equal(refusal.headers['content-type'], 'application/problem+json; charset=utf-8');
  t.equal(refusal.headers['retry-after'], '5');
  t.equal((await app.inject('/ready')).statusCode, 200);

  const stored = await house.stores.database.query<{ id: string; state: string; certificates: number }>({
    text: `select id, state, (select count(*)::int from certificate where origin = 'application:' || a.id) as certificates
      from application a`,
  });
  const byId = new Map(stored.map((row) => [row.id, row]));
  for (const id of filed) t.ok(byId.has(id), 'what was filed is there');
  for (const id of issued) t.match(byId.get(id), { state: 'issued', certificates: 1 });
}

async function hang(t: Test, { house }: Fixture): Promise<void> {
  const readiness = { ...house.services.readiness, database: () => new Promise<void>(() => undefined) };
  const services = { ...house.services, readiness };
  const app = await buildApp(services, { logger: pino({ level: 'silent' }), version: '0.0.0' });
  const answer = await app.inject('/ready');
  t.equal(answer.statusCode, 503);
  t.strictSame(answer.json(), { ready: false, checks: { database: 'failed', ocsp: 'ok' } });
  await app.close();
}

async function away(t: Test, fixture: Fixture): Promise<void> {
  const { app, clerk, approver, clock, doctor } = fixture;
  const ready = await app.inject('/ready');
  t.equal(ready.statusCode, 503);
  t.strictSame(ready.json(), { ready: false, checks: { database: 'failed', ocsp: 'failed' } });
  t.equal((await app.inject('/health')).statusCode, 200, 'the process lives');

  const id = doctor.applicationId;
  const refused: (InjectOptions & { url: string })[] = [
    { method: 'POST', url: '/api/v1/sessions', payload: { loginLink: 'A'.repeat(43) } },
    { url: '/api/v1/sessions/current', headers: { cookie: clerk } },
    { url: '/api/v1/applications', headers: { cookie: clerk } },
    {
      method: 'POST',
      url: '/api/v1/applications',
      headers: { cookie: clerk },
      payload: await applicationBody(),
    },
    {
      method: 'POST',
      url: `/api/v1/applications/${id}/approve`,
      headers: { cookie: approver },
      payload: { version: 1 },
    },
    { url: doctor.path, headers: { cookie: clerk } },
    { method: 'POST', url: `${doctor.path}/hold`, headers: { cookie: clerk } },
  ];
  for (const options of refused) {
    const answer = await app.inject(options);
    t.equal(answer.statusCode, 503, `${options.method ?? 'GET'} ${options.url}`);
    t.match(answer.json(), { code: 'database-unreachable' });
    t.equal(answer.headers['retry-after'], '5');
  }

  for (const url of [
    '/ca/bronze.cer',
    '/ca/bronze.p7c',
    '/crl/bronze.crl',
    '/cps',
    '/api/v1/authorities',
    '/docs/json',
  ])
    t.equal((await app.inject(url)).statusCode, 200, url);
  const ocsp = await ocspRequest(fixture);
  t.equal(
    parseOcspResponse((await app.inject(ocsp)).rawPayload).status,
    'successful',
    'OCSP knows every status',
  );
  clock.advanceSeconds(600);
  const late = await app.inject(ocsp);
  t.strictSame(
    parseOcspResponse(late.rawPayload),
    { status: 'tryLater' },
    'until it has not known for too long',
  );
  t.ok(late.headers['retry-after']);

  const { signer, certificate } = doctor;
  const signature = await signCades({
    content: Buffer.from('Rp.'),
    signer,
    certificate,
    signingTime: clock.now(),
  });
  const validated = await app.inject({
    method: 'POST',
    url: '/api/v1/validations',
    payload: { signature: signature.toString('base64') },
  });
  t.match(validated.json(), { indication: 'INDETERMINATE' }, 'no verdict without a status');
}

async function ocspRequest({ house, doctor }: Fixture): Promise<InjectOptions> {
  const issuer = house.hierarchy.certificates.get('bronze')!;
  const payload = encodeOcspRequest([encodeCertId('sha256', issuer, doctor.certificate.serialNumber)]);
  return {
    method: 'POST',
    url: '/ocsp/bronze',
    headers: { 'content-type': 'application/ocsp-request' },
    payload,
  };
}
