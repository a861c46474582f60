import { createPrivateKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import t from 'tap';
import type { Test } from 'tap';

import { checkLog } from '../../cli/fsck/check-log.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import { LogFolder } from '../../cli/transparency/log-folder.ts';
import { Database } from '../../db/database.ts';
import { LogRecords } from '../../db/log-records.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { attributeOf } from '../../pki/name.ts';
import { AT } from '../../pki/oid.ts';
import { decodePem } from '../../pki/pem.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { renewalAcceptance, renewalRequest, signedByHolder } from '../support/holder-signatures.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { fhirDocument, writtenBy } from '../support/prescriptions.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';
import { restoreSnapshot } from '../release/release-snapshot.ts';
import type { ReleaseSnapshot, SnapshotDoctor } from '../release/release-snapshot.ts';

// Deployments of earlier versions, as pg_dump put them away, become ones of this version: what was acknowledged is there, and goes on.

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** A snapshot has fewer. */
const NEW_PERSON = 16;

const INTERVAL_MILLISECONDS = 100;

const SNAPSHOTS = new URL('../release/snapshots/', import.meta.url);
const names = readdirSync(SNAPSHOTS).filter((name) => name.endsWith('.json.gz'));

t.ok(names.length > 0, 'there is an earlier version');
for (const name of names)
  t.test(`from ${name.replace('.json.gz', '')}`, async (t) => {
    const text = gunzipSync(readFileSync(new URL(name, SNAPSHOTS))).toString();
    await upgrade(t, JSON.parse(text) as ReleaseSnapshot);
  });

async function upgrade(t: Test, snapshot: ReleaseSnapshot): Promise<void> {
  const { url, dataDirectory } = await restoreSnapshot(t, snapshot);
  const opened = await openPostgres(url);
  t.teardown(() => opened.close());
  const ran = await migrate(opened.pool, MIGRATIONS);
  t.comment(`${ran.length} migrations: ${ran.join(', ')}`);
  t.strictSame(await findings(opened.pool, dataDirectory), [], 'fsck finds nothing before anybody works');
  const service = await openTestService({ opened, dataDirectory });
  t.teardown(() => service.close());
  const issuer = service.house.hierarchy.certificates.get('bronze')!;
  const statusOf = async (encoded: string) => {
    const { serialNumber } = parseCertificate(Buffer.from(encoded, 'base64'));
    const answer = await answerOfOcsp(
      service,
      encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]),
    );
    const { status } = readVerified(answer.rawPayload, issuer).responses[0];
    if (status.kind !== 'revoked') return status.kind;
    return status.reason === 'certificateHold' ? 'held' : 'revoked';
  };
  for (const { certificate, status } of snapshot.doctors)
    t.equal(await statusOf(certificate), status, 'OCSP says of each doctor what it said');

  const cookie = await service.cookieOf('ca-operator');
  const change = async (path: string, verb: string, payload?: object) =>
    (await service.app.inject({ method: 'POST', url: `${path}/${verb}`, headers: { cookie }, payload }))
      .statusCode;
  const doctorWith = (wanted: string) => snapshot.doctors.find(({ status }) => status === wanted)!;
  const [good, held, revoked] = [doctorWith('good'), doctorWith('held'), doctorWith('revoked')];
  t.equal(await change(good.path, 'revoke', { reason: 'keyCompromise' }), 200);
  t.equal(await statusOf(good.certificate), 'revoked', 'an old certificate is revoked');
  t.equal(await change(held.path, 'release'), 200);
  t.equal(await statusOf(held.certificate), 'good', 'an old hold is released');
  t.equal(await change(revoked.path, 'release'), 409, 'and what was revoked stays so');
  // The approving officers' keys went with the earlier deployment: they are reset, as lost ones are.
  const { database, officers, offices } = service.house.stores;
  await database.transaction(async (tx) => {
    for (const { id } of await officers.listOfficers(tx))
      await offices.removePasskeys(tx, id, service.clock.now());
  });
  const { nationalId, givenName, surname, latinName, councilNumber } = syntheticDoctor(NEW_PERSON);
  const person = { nationalId, givenName, surname, latinName, councilNumber };
  const issued = await issueDoctor(service, { applicant: person });
  t.equal(await statusOf(issued.certificate.bytes.toString('base64')), 'good', 'a new one is issued');
  await untilCrlLists(t, service, [revoked, good]);
  const keptGood = snapshot.doctors.filter(({ status }) => status === 'good').at(-1)!;
  if (keptGood.key === undefined) t.comment('no key of a doctor was kept with it: nobody can renew');
  else {
    const successor = await renew(t, service, keptGood, keptGood.key);
    t.equal(await statusOf(keptGood.certificate), 'revoked', 'an old one gives way to its successor');
    t.equal(await statusOf(successor.certificate.bytes.toString('base64')), 'good');
    await signPrescription(t, service, successor);
  }
  t.strictSame(await findings(opened.pool, dataDirectory), [], 'fsck finds nothing afterwards');
}

/** Once it answers: after the clock was put forward, it knows nothing until it has looked again. */
async function answerOfOcsp({ app }: TestService, payload: Buffer) {
  const headers = { 'content-type': 'application/ocsp-request' };
  for (;;) {
    const answer = await app.inject({ method: 'POST', url: '/ocsp/bronze', headers, payload });
    if (parseOcspResponse(answer.rawPayload).status !== 'tryLater') return answer;
    await setTimeout(INTERVAL_MILLISECONDS);
  }
}

/** What the earlier version revoked and what this one has, in one CRL; the scheduler goes by the service's clock. */
async function untilCrlLists(
  t: Test,
  { app, clock }: TestService,
  doctors: readonly SnapshotDoctor[],
): Promise<void> {
  const wanted = doctors.map(({ certificate }) => parseCertificate(Buffer.from(certificate, 'base64')));
  const isListed = async () => {
    const { rawPayload } = await app.inject('/crl/bronze.crl');
    const { revokedCertificates } = parseCertificateList(rawPayload);
    return wanted.every(({ serialNumber }) => revokedCertificates.find(serialNumber) !== undefined);
  };
  while (!(await isListed())) {
    clock.advanceSeconds(3);
    await setTimeout(INTERVAL_MILLISECONDS);
  }
  t.pass('the CRL lists what the earlier version revoked and what this one has');
}

/** In the last ninety days, by the holder's signature; resolves to the successor and its key. */
async function renew(
  t: Test,
  service: TestService,
  doctor: SnapshotDoctor,
  pkcs8: string,
): Promise<SoftwarePhone['doctor']> {
  const certificate = parseCertificate(Buffer.from(doctor.certificate, 'base64'));
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  const holding = { certificate, signer: memorySigner(key) };
  service.clock.set(new Date(certificate.notAfter.getTime() - 80 * DAY_MILLISECONDS));
  const next = memorySigner();
  await recordContact(service, doctor);
  const payload = await signedByHolder(await renewalRequest(holding, next), holding, service.clock.now());
  const renewed = await service.app.inject({ method: 'POST', url: '/api/v1/renewals', payload });
  t.equal(renewed.statusCode, 201, renewed.body);
  const { id, certificate: pem } = renewed.json<{ id: string; certificate: string }>();
  const successor = parseCertificate(decodePem(pem, ['CERTIFICATE'])[0].bytes);
  const acceptance = renewalAcceptance(id, successor);
  const accepted = await service.app.inject({
    method: 'POST',
    url: `/api/v1/renewals/${id}/acceptance`,
    payload: await signedByHolder(acceptance, { certificate: successor, signer: next }, service.clock.now()),
  });
  t.equal(accepted.statusCode, 204, accepted.body);
  return { certificate: successor, signer: next };
}

/** An earlier version asked for no number to tell of a renewal: the holder comes to the office with one. */
async function recordContact({ app, cookieOf }: TestService, { path }: SnapshotDoctor): Promise<void> {
  const headers = { cookie: await cookieOf('clerk') };
  const found = await app.inject({ method: 'GET', url: path, headers });
  const { applicationId } = found.json<{ applicationId: string }>();
  const url = `/api/v1/applications/${applicationId}/contact`;
  const recorded = await app.inject({ method: 'PUT', url, headers, payload: { mobile: '09990000001' } });
  if (recorded.statusCode >= 300) throw new Error(recorded.body);
}

/** With the holder's phone, as a prescription system asks for it; and has the signature validated. */
async function signPrescription(
  t: Test,
  service: TestService,
  doctor: SoftwarePhone['doctor'],
): Promise<void> {
  const { councilNumber } = personOf(doctor.certificate);
  const phone = new SoftwarePhone(service.app, doctor);
  t.equal((await phone.signIn()).status, 201, 'the phone signs in with its new key');
  const system = await PrescriptionSystem.register(service);
  const document = fhirDocument(writtenBy(councilNumber, service.clock.now()));
  const asked = await system.ask({ holder: { councilNumber }, documents: [document] });
  t.equal(asked.status, 201, JSON.stringify(asked.body));
  service.clock.advanceSeconds(1);
  t.match(await phone.approve((await phone.fetch())!), { status: 200, body: { state: 'SIGNED' } });
  const [signature] = (await system.read(asked.body.id)).body.signatures!;
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/validations',
    payload: { signature },
  });
  t.match(answer.json(), { indication: 'TOTAL-PASSED' }, 'and its prescription is valid');
}

/** The synthetic person whose national id the certificate has: a snapshot's are made one after the other. */
function personOf({ subject }: Certificate) {
  const nationalId = attributeOf(subject, AT.serialNumber);
  for (let seed = 1; seed < NEW_PERSON; seed += 1) {
    const person = syntheticDoctor(seed);
    if (nationalId?.endsWith(person.nationalId)) return person;
  }
  throw new Error('the holder is none of the synthetic persons');
}

async function findings(
  pool: ConstructorParameters<typeof Database>[0],
  dataDirectory: string,
): Promise<string[]> {
  const database = new Database(pool);
  const folder = new LogFolder(join(dataDirectory, 'log'));
  const found: string[] = [];
  for await (const { code, subject } of checkRecords(new PgRecords(database)))
    found.push(`${code} ${subject}`);
  for await (const { code, subject } of checkLog({ records: new LogRecords(database), folder }))
    found.push(`${code} ${subject}`);
  return found;
}
