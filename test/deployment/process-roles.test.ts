import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import pg from 'pg';
import t from 'tap';

import { doctor } from '../../cli/doctor/doctor.ts';
import { openRegistrationHouse } from '../../cli/house.ts';
import { migrate } from '../../db/migrate.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { AT, CE } from '../../pki/oid.ts';
import { decodePem, encodePem } from '../../pki/pem.ts';
import { ActivationDesk, requestOfPhone } from '../support/activation-desk.ts';
import { applicationBody } from '../support/applications.ts';
import { ageStatusList, writeAttestationFile } from '../support/attestation-folder.ts';
import { androidStatement, manufacturer } from '../support/attestations.ts';
import { approve } from '../support/approve.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { openEstDevice } from '../support/est-device.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { renewalAcceptance, renewalRequest, signedByHolder } from '../support/holder-signatures.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { jumpingClock } from '../support/jumping-clock.ts';
import { memorySigner } from '../support/memory-signer.ts';
import type { MemorySigner } from '../support/memory-signer.ts';
import { NodeProcess } from '../support/node-process.ts';
import { createNodeUser, enrolNode } from '../support/ocsp-node.ts';
import { TEST_PUBLIC_URL } from '../support/prepared-starts.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { runMohr } from '../support/run-mohr.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openTestService } from '../support/test-service.ts';

// Registration authority, CAs and OCSP, each with a database user of its own: the main job, and a CA that is killed at work.

const PHONE_HARDWARE = asn1.oid('2.999.364.1.2.2');
const DAY_MILLISECONDS = 24 * 3600 * 1000;

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
/** The CA's alone; it stands in the year of renewals at the end. */
const clock = jumpingClock(t);
const maker = await manufacturer({
  notBefore: new Date('1970-01-01T00:00:00Z'),
  notAfter: new Date('2048-01-01T00:00:00Z'),
});
const attestationFile = writeAttestationFile(folder, maker);
const ca = await NodeProcess.create(t, {
  ...common,
  ...clock.variables,
  MOHR_ROLES: 'ca',
  MOHR_EST_REENROLMENT: 'yes',
  MOHR_DATA_DIR: join(folder, 'ca'),
  MOHR_CHECKPOINT_SECONDS: '3600',
  MOHR_ATTESTATION_FILE: attestationFile,
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
const ra = await openTestService(
  { opened, dataDirectory: join(folder, 'ra'), estReenrolment: true, attestationFile },
  openRegistrationHouse,
);
t.teardown(async () => {
  await ra.close();
  await opened.close();
  await owner.close();
});

/** As the OCSP node says. */
async function statusOf({ serialNumber }: Certificate): Promise<string> {
  const answer = await fetch(`${ocsp.url}/ocsp/bronze`, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]),
  });
  return readVerified(Buffer.from(await answer.arrayBuffer()), issuer).responses[0].status.kind;
}

t.test('an application becomes a certificate that OCSP calls good, and revoked when it is', async (t) => {
  const doctor = await issueDoctor(ra);
  while ((await statusOf(doctor.certificate)) !== 'good') await delay(20);
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
  while ((await statusOf(doctor.certificate)) !== 'revoked') await delay(20);
  ca.start();
  await ca.ready();
});

t.test('a holder blocks by a code on the phone while no CA answers', async (t) => {
  const desk = new ActivationDesk(ra);
  const doctor = await issueDoctor(ra);
  const { nationalId } = doctor.body.applicant;
  await desk.take(doctor.applicationId, { mobile: '09990000001' });
  await ca.kill();
  const send = (url: string, payload: object) =>
    ra.app.inject({ method: 'POST', url: `/api/v1/self-service/${url}`, payload });
  const asked = await send('codes', { nationalId, purpose: 'block' });
  t.equal(asked.statusCode, 202, asked.body);
  await desk.send();
  const [code] = /[0-9]{6}/.exec(desk.texts.at(-1)!)!;
  const blocked = await send('blocks', { nationalId, code });
  t.match([blocked.statusCode, blocked.json()], [200, { held: 1 }]);
  while ((await statusOf(doctor.certificate)) !== 'revoked') await delay(20);
  ca.start();
  await ca.ready();
});

t.test(
  "an officer's certificate is asked for by one, confirmed by another, and made by the CA",
  async (t) => {
    const desk = new ActivationDesk(ra);
    const request = await makeCertificationRequest(memorySigner(), [{ type: AT.commonName, value: 'x' }]);
    const certificationRequest = encodePem('CERTIFICATE REQUEST', request);
    const asked = await desk.ask('clerk', 'POST', '/officer-certificates', { certificationRequest });
    t.equal(asked.status, 202, JSON.stringify(asked.body));
    const confirmed = await desk.ask('ca-operator', 'POST', `/officer-changes/${asked.body.id}/confirm`);
    t.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
    const { items } = (await desk.ask('clerk', 'GET', '/officer-certificates')).body;
    t.match(items, [{ certificate: /BEGIN CERTIFICATE/, isGood: true }]);
  },
);

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
  const early = approved.then(({ status, body }) => {
    throw new Error(`answered before there was an intent: ${status} ${JSON.stringify(body)}`);
  });
  early.catch(() => undefined);
  while ((await count('select count(*) n from issuance_intent where origin = $1')) === 0)
    await Promise.race([delay(20), early]);
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

t.test('the CA orders and signs what the RA records, and the RA serves and proves it', async (t) => {
  const doctor = await issueDoctor(ra);
  const size = async () => {
    const { rows } = await owner.pool.query<{ size: string }>(
      'select max(tree_size) size from audit_checkpoint',
    );
    return Number(rows[0].size);
  };
  const before = await size();
  const proofPath =
    '/api/v1/log/inclusion-proof?authorityId=bronze&serialNumber=' +
    doctor.certificate.serialNumber.toString('hex');
  t.equal((await ra.app.inject(proofPath)).statusCode, 404, 'the CA is told to sign once in an hour');
  await ra.house.log.publish();
  t.ok((await size()) > before, 'unless somebody waits for it');
  const proof = await ra.app.inject(proofPath);
  t.equal(proof.statusCode, 200, proof.body);
  const published = () => readFileSync(join(folder, 'ca', 'log', 'checkpoint'), 'utf8');
  // The CA writes its files after its database.
  while ((await ra.app.inject('/log/checkpoint')).body !== published()) await delay(20);
  t.pass('both tell the same checkpoint');
  const { rows: keys } = await owner.pool.query<{ key_reference: string }>(
    'select key_reference from audit_log_key',
  );
  t.equal(keys.length, 1);
  const names = keys.map(({ key_reference }) => key_reference.replace('file:', ''));
  const filesOf = (name: string) => readdirSync(join(folder, name, 'keys'));
  t.ok(filesOf('ca').includes(names[0]), 'the key is where the keys of the CAs are');
  t.strictSame(
    filesOf('ra').filter((file) => file.startsWith('log-')),
    [],
  );
  const { rows } = await owner.pool.query(`select from audit_event where action = 'start-service'`);
  t.ok(rows.length >= 1, 'under which settings the CA works is on record');
});

t.test('phones are enrolled and certificates renewed by a CA that is far away', async (t) => {
  const { device, close } = await openEstDevice(t, ra);
  try {
    const { desk } = device;
    const byHolder = await issueDoctor(ra);
    await desk.take(byHolder.applicationId, { mobile: '09990000001' });
    const vouched = await issueDoctor(ra);
    await desk.take(vouched.applicationId, { mobile: '09990000001' });

    const { id } = await desk.filePhone();
    const [code, secret] = [await desk.approveAndRead(id), await desk.deskSecret(id)];
    const key = memorySigner();
    const request = await makeCertificationRequest(key, [{ type: AT.commonName, value: 'phone' }]);
    const enrolled = await device.enrol('/bronze/simpleenroll', request, ['-u', `${id}:${secret}${code}`]);
    t.equal(enrolled.status, 200, enrolled.text);
    const [certificate] = device.certificates(enrolled);

    const { id: byJson } = await desk.filePhone();
    const activation = {
      code: await desk.approveAndRead(byJson),
      deskSecret: await desk.deskSecret(byJson),
      certificationRequest: await requestOfPhone(),
    };
    const activated = await desk.activate(byJson, activation);
    t.equal(activated.status, 200, JSON.stringify(activated.body));
    t.equal(activated.body.application.state, 'issued');

    const renewalTime = certificate.notAfter.getTime() - 80 * DAY_MILLISECONDS;
    clock.jumpTo(Math.round((renewalTime - Date.now()) / 1000));
    ra.clock.set(clock.now());
    ageStatusList(folder, clock.now());
    const next = memorySigner();
    const asked = await signedByHolder(await renewalRequest(byHolder, next), byHolder, ra.clock.now());
    const renewed = await ra.app.inject({
      method: 'POST',
      url: '/api/v1/renewals',
      payload: { ...asked, attestation: await attestationOf(byHolder, next) },
    });
    t.equal(renewed.statusCode, 201, renewed.body);
    const renewal = renewed.json<{ id: string; certificate: string; keyHardware?: string }>();
    t.equal(renewal.keyHardware, 'trusted-environment', 'the CA has judged what the phone shows');
    const successor = parseCertificate(decodePem(renewal.certificate, ['CERTIFICATE'])[0].bytes);
    t.ok(namesHardware(successor));
    t.notOk(namesHardware(byHolder.certificate), 'it says so of the new key');
    t.ok(successor.subject.bytes.equals(byHolder.certificate.subject.bytes));
    const accepted = await ra.app.inject({
      method: 'POST',
      url: `/api/v1/renewals/${renewal.id}/acceptance`,
      payload: await signedByHolder(
        renewalAcceptance(renewal.id, successor),
        { certificate: successor, signer: next },
        ra.clock.now(),
      ),
    });
    t.equal(accepted.statusCode, 204, accepted.body);

    const another = memorySigner();
    const unshown = await ra.app.inject({
      method: 'POST',
      url: '/api/v1/renewals',
      payload: {
        ...(await signedByHolder(await renewalRequest(vouched, another), vouched, ra.clock.now())),
        attestation: await attestationOf(vouched, memorySigner()),
      },
    });
    t.match(
      unshown.json(),
      { attestationFault: 'attestation-key' },
      'what vouches for another key counts nothing',
    );
    t.notOk(
      namesHardware(
        parseCertificate(
          decodePem(unshown.json<{ certificate: string }>().certificate, ['CERTIFICATE'])[0].bytes,
        ),
      ),
    );

    writeFileSync(join(device.folder, 'phone.pem'), encodePem('CERTIFICATE', certificate.bytes));
    const pkcs8 = key.privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(join(device.folder, 'phone.key'), pkcs8);
    const subject = certificate.subject.rdns.flat().map(({ type, value }) => ({ type, value }));
    const again = memorySigner();
    const overTls = await device.enrol(
      '/bronze/simplereenroll',
      await makeCertificationRequest(again, subject),
      ['--cert', 'phone.pem', '--key', 'phone.key'],
    );
    t.equal(overTls.status, 200, overTls.text);
    t.ok(device.certificates(overTls)[0].subjectPublicKeyInfo.equals(again.subjectPublicKeyInfo));
  } finally {
    await close();
  }
});

/** What the phone of a holder shows of the key that is to follow. */
async function attestationOf({ certificate }: { certificate: Certificate }, key: MemorySigner) {
  const asked = await ra.app.inject({
    method: 'POST',
    url: '/api/v1/renewals/challenges',
    payload: { authority: 'bronze', serialNumber: certificate.serialNumber.toString('hex') },
  });
  const { challenge } = asked.json<{ challenge: string }>();
  const statement = await androidStatement(maker, {
    subjectPublicKeyInfo: key.subjectPublicKeyInfo,
    challenge: Buffer.from(challenge, 'base64url'),
  });
  return { format: 'android-key', challenge, statement: statement.map((part) => part.toString('base64')) };
}

function namesHardware({ extensions }: Certificate): boolean {
  return extensions.get(CE.certificatePolicies)!.value.includes(PHONE_HARDWARE);
}

t.test('each process is examined with its own rights, and what those do not show is said', async (t) => {
  for (const [role, dataDirectory, url] of [
    ['ra', 'ra', users.ra.url],
    ['ca', 'ca', users.ca.url],
    ['ocsp,crl', 'ocsp-1', users.ocsp.url],
    ['tsa', 'ra', undefined],
  ] as const) {
    const lines: Record<string, string>[] = [];
    const flags = ['--json', '--roles', role, '--data-dir', join(folder, dataDirectory)];
    if (url !== undefined) flags.push('--database-url', url);
    await doctor([...flags, '--node-name', 'ocsp-1', '--tsa-clock', 'unchecked'], {
      write: (text) => lines.push(JSON.parse(String(text)) as Record<string, string>) > 0,
    });
    const of = (check: string) => lines.filter((line) => line.check === check);
    t.match(of('database'), [{ severity: 'ok' }], role);
    t.equal(of('keys').length, role === 'ca' ? 1 : 0, 'only where they are');
    t.equal(of('registers').length > 0, role === 'ra', 'only where they are asked');
    const unseen = lines.filter(({ finding }) => finding.includes('not looked at'));
    t.ok(unseen.every(({ severity }) => severity === 'warning'));
    t.equal(unseen.length > 0, url !== undefined, JSON.stringify(unseen));
  }
});

t.test('an auditor finds nothing wrong, with rights to read alone', async (t) => {
  // What was shown of keys is sealed where it came in.
  cpSync(join(folder, 'ra', 'keys', 'evidence'), join(folder, 'ca', 'keys', 'evidence'), { recursive: true });
  const { code, stdout, stderr } = await runMohr(['fsck'], {
    DATABASE_URL: users.audit.url,
    MOHR_DATA_DIR: join(folder, 'ca'),
    MOHR_PUBLIC_URL: TEST_PUBLIC_URL,
    MOHR_ATTESTATION_FILE: attestationFile,
    ...clock.variables,
  });
  t.equal(code, 0, stdout + stderr);
});
