import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';
import t from 'tap';

import { openRegistrationHouse } from '../../cli/house.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { NodeProcess } from '../support/node-process.ts';
import { createNodeUser, enrolNode } from '../support/ocsp-node.ts';
import { TEST_PUBLIC_URL } from '../support/prepared-starts.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// Registration authority, CAs and OCSP, each with a database user of its own: the main job, and a CA that is killed at work.

const folder = temporaryFolder(t);
const { url: databaseUrl } = await createTestDatabase(t);
const owner = await openPostgres(databaseUrl);
await migrate(owner.pool, MIGRATIONS);
const first = await openTestService({ opened: owner, dataDirectory: join(folder, 'ca') });
const issuer = first.house.hierarchy.certificates.get('bronze')!;
await first.close();

const users = {
  ra: await createNodeUser(databaseUrl, ['mohr_ra']),
  ca: await createNodeUser(databaseUrl, ['mohr_ca']),
  ocsp: await createNodeUser(databaseUrl, ['mohr_ocsp', 'mohr_crl']),
  audit: await createNodeUser(databaseUrl, ['mohr_audit']),
};
for (const user of Object.values(users)) t.teardown(() => user.drop());
const common = { MOHR_PUBLIC_URL: TEST_PUBLIC_URL };
// The CA's password stands in a file, as in docs/deployment/mohr-ca.service.
const caUrl = new URL(users.ca.url);
const { hostname, port, pathname, username, password } = caUrl;
const passwordFile = join(folder, 'ca.pgpass');
writeFileSync(passwordFile, `${[hostname, port, pathname.slice(1), username, password].join(':')}\n`, {
  mode: 0o600,
});
caUrl.password = '';
const ca = await NodeProcess.create(t, {
  ...common,
  MOHR_ROLES: 'ca',
  MOHR_DATA_DIR: join(folder, 'ca'),
  DATABASE_URL: caUrl.href,
  PGPASSFILE: passwordFile,
});
const ocsp = await NodeProcess.create(t, {
  ...common,
  MOHR_ROLES: 'ocsp,crl',
  MOHR_NODE_NAME: 'ocsp-1',
  MOHR_DATA_DIR: join(folder, 'ocsp-1'),
  DATABASE_URL: users.ocsp.url,
});
await enrolNode({ nodeName: 'ocsp-1', dataDirectory: join(folder, 'ocsp-1'), databaseUrl });
ca.start();
ocsp.start();
await ca.ready();
await ocsp.ready();

const opened = await openPostgres(users.ra.url);
const ra = await openTestService({ opened, dataDirectory: join(folder, 'ra') }, openRegistrationHouse);
t.teardown(async () => {
  await ra.close();
  await opened.close();
  await owner.close();
});

t.test('an application becomes a certificate that OCSP calls good, and revoked when it is', async (t) => {
  const doctor = await issueDoctor(ra);
  const statusOf = async () => {
    const request = encodeOcspRequest([encodeCertId('sha256', issuer, doctor.certificate.serialNumber)]);
    const answer = await fetch(`${ocsp.url}/ocsp/bronze`, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request' },
      body: request,
    });
    return readVerified(Buffer.from(await answer.arrayBuffer()), issuer).responses[0].status.kind;
  };
  while ((await statusOf()) !== 'good') await delay(20);
  // A revocation needs no key of a CA: it does not wait for the process that has them.
  await ca.kill();
  const cookie = await ra.cookieOf('ca-operator');
  const { statusCode, body } = await ra.app.inject({
    method: 'POST',
    url: `${doctor.path}/revoke`,
    headers: { cookie },
    payload: { reason: 'keyCompromise' },
  });
  t.equal(statusCode, 200, body);
  while ((await statusOf()) !== 'revoked') await delay(20);
  ca.start();
  await ca.ready();
});

t.test('a CA that is killed between request and answer is taken over from, and issues once', async (t) => {
  const [clerk, approver] = [await ra.cookieOf('clerk'), await ra.cookieOf('approving-officer')];
  const send = (method: 'GET' | 'POST', url: string, payload?: object) =>
    ra.app.inject({ method, url: `/api/v1${url}`, headers: { cookie: clerk }, payload });
  const filed = await send('POST', '/applications', await applicationBody());
  const { id } = filed.json<{ id: string }>();
  t.equal(filed.statusCode, 201, filed.body);
  const origin = `application:${id}`;
  const count = async (text: string) =>
    Number((await owner.pool.query<{ n: string }>(text, [origin])).rows[0].n);
  // Nobody records a certificate now: the CA stops after step 6, with its intent durable and its signature made.
  const lock = new pg.Client({ connectionString: databaseUrl });
  await lock.connect();
  await lock.query('begin; lock table certificate in share row exclusive mode');
  const approved = approve(ra.app, approver, id);
  while ((await count('select count(*) n from issuance_intent where origin = $1')) === 0) await delay(20);
  t.equal(
    await count('select count(*) n from issuance_request where origin = $1 and answered_at is null'),
    1,
  );
  await ca.kill();
  await lock.end();
  t.equal(await count('select count(*) n from certificate where origin = $1'), 0);
  ca.start();
  await ca.ready();
  const { status } = await approved;
  t.ok([200, 503].includes(status), `answered ${status}: issued, or the officer's patience was over`);
  const state = async () => (await send('GET', `/applications/${id}`)).json<{ state: string }>().state;
  while ((await state()) !== 'issued') await delay(100);
  t.equal(await count('select count(*) n from certificate where origin = $1'), 1);
  t.equal(await count('select count(*) n from issuance_intent where origin = $1'), 1, 'of one intent');
  t.equal(
    await count('select count(*) n from issuance_request where origin = $1 and content is not null'),
    0,
  );
});

t.test('while no CA answers, an approval is refused before anybody signs it', async (t) => {
  await ca.kill();
  const [clerk, approver] = [await ra.cookieOf('clerk'), await ra.cookieOf('approving-officer')];
  const filed = await ra.app.inject({
    method: 'POST',
    url: '/api/v1/applications',
    headers: { cookie: clerk },
    payload: await applicationBody(),
  });
  const { status, body } = await approve(ra.app, approver, filed.json<{ id: string }>().id);
  t.match({ status, body }, { status: 503, body: { code: 'ca-silent' } });
  ca.start();
  await ca.ready();
});

t.test('the CA certifies nobody who is not approved, whatever stands in a request', async (t) => {
  const forged = async (authorization: object, profileId: string) => {
    const { subjectPublicKeyInfo } = memorySigner();
    const content = JSON.stringify({
      actor: { kind: 'service', id: 'intruder' },
      request: {
        authorityId: 'bronze',
        profileId,
        origin: 'application:forged',
        subjectPublicKeyInfo: subjectPublicKeyInfo.toString('base64'),
        subject: { organization: 'Forged', serviceName: 'Forged' },
        authorization,
      },
    });
    const client = new pg.Client({ connectionString: users.ra.url });
    await client.connect();
    const { rows } = await client.query<{ id: string }>(
      `insert into issuance_request (kind, authority_id, origin, spki_sha256, content, asked_at)
        values ('issue', 'bronze', 'application:forged', $1, $2, now()) returning id`,
      [createHash('sha256').update(subjectPublicKeyInfo).digest(), content],
    );
    for (;;) {
      const answer = await client.query<{ refusal_code: string; answered_at: Date | null }>(
        'select refusal_code, answered_at from issuance_request where id = $1',
        [rows[0].id],
      );
      if (answer.rows[0].answered_at) {
        await client.end();
        return answer.rows[0].refusal_code;
      }
      await delay(20);
    }
  };
  t.equal(await forged({ kind: 'service-exemption' }, 'ocsp-responder'), 'authorization-missing');
  t.equal(await forged({ kind: 'service-exemption' }, 'time-stamping'), 'authorization-missing');
  t.equal(await forged({ kind: 'campaign-exemption', campaign: 'x' }, 'signing'), 'request-unreadable');
  t.equal(await forged({ kind: 'anything' }, 'seal'), 'request-unreadable');
});

t.test(
  'as processes: the one serves the API and holds no CA key, the other holds them and serves none',
  async (t) => {
    const node = await NodeProcess.create(t, {
      ...common,
      MOHR_ROLES: 'ra',
      MOHR_DATA_DIR: join(folder, 'ra-process'),
      DATABASE_URL: users.ra.url,
    });
    node.start();
    await node.ready();
    const statusOf = async (url: string, path: string) => (await fetch(url + path)).status;
    t.equal(await statusOf(node.url, '/ready'), 200);
    t.equal(await statusOf(node.url, '/crl/bronze.crl'), 200);
    t.equal(await statusOf(node.url, '/api/v1/applications'), 401);
    t.equal(await statusOf(node.url, '/ocsp/bronze/AAAA'), 404);
    t.strictSame(await (await fetch(`${ca.url}/ready`)).json(), {
      ready: true,
      checks: { database: 'ok', keys: 'ok' },
    });
    for (const path of ['/api/v1/authorities', '/docs', '/', '/crl/bronze.crl'])
      t.equal(await statusOf(ca.url, path), 404, path);
    const keys = [...readdirSync(join(folder, 'ra')), ...readdirSync(join(folder, 'ra-process', 'keys'))];
    t.strictSame(
      keys.filter((name) => /bronze|silver|root/.test(name)),
      [],
    );
  },
);

t.test('an auditor finds nothing wrong, with rights to read alone', async (t) => {
  const { code, stdout, stderr } = await runMohr(['fsck'], {
    DATABASE_URL: users.audit.url,
    MOHR_DATA_DIR: join(folder, 'ra'),
    MOHR_PUBLIC_URL: TEST_PUBLIC_URL,
  });
  t.equal(code, 0, stdout + stderr);
});
