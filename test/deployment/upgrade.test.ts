import { createPrivateKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import t from 'tap';
import type { Test } from 'tap';

import { checkRecords } from '../../cli/fsck/check-records.ts';
import { Database } from '../../db/database.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { decodePem } from '../../pki/pem.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { readVerified } from '../support/fixture-ocsp.ts';
import { renewalAcceptance, renewalRequest, signedByHolder } from '../support/holder-signatures.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { openTestService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';
import { restoreSnapshot } from '../release/release-snapshot.ts';
import type { ReleaseSnapshot, SnapshotDoctor } from '../release/release-snapshot.ts';

// Deployments of earlier versions, as pg_dump put them away, become ones of this version: what was acknowledged is there, and goes on.

const DAY_MILLISECONDS = 24 * 3600 * 1000;

const CRL_INTERVAL_MILLISECONDS = 100;

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
  t.strictSame(await findings(opened.pool), [], 'fsck finds nothing before anybody works');
  const service = await openTestService({ opened, dataDirectory });
  t.teardown(() => service.close());
  const issuer = service.house.hierarchy.certificates.get('bronze')!;
  const statusOf = async (encoded: string) => {
    const { serialNumber } = parseCertificate(Buffer.from(encoded, 'base64'));
    const answer = await service.app.inject({
      method: 'POST',
      url: '/ocsp/bronze',
      headers: { 'content-type': 'application/ocsp-request' },
      payload: encodeOcspRequest([encodeCertId('sha256', issuer, serialNumber)]),
    });
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
  const issued = await issueDoctor(service);
  t.equal(await statusOf(issued.certificate.bytes.toString('base64')), 'good', 'a new one is issued');
  await untilCrlLists(t, service, [revoked, good]);
  const keptGood = snapshot.doctors.filter(({ status }) => status === 'good').at(-1)!;
  if (keptGood.key === undefined) t.comment('no key of a doctor was kept with it: nobody can renew');
  else {
    const successor = await renew(t, service, keptGood, keptGood.key);
    t.equal(await statusOf(keptGood.certificate), 'revoked', 'an old one gives way to its successor');
    t.equal(await statusOf(successor), 'good');
  }
  t.strictSame(await findings(opened.pool), [], 'fsck finds nothing afterwards');
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
    await setTimeout(CRL_INTERVAL_MILLISECONDS);
  }
  t.pass('the CRL lists what the earlier version revoked and what this one has');
}

/** In the last ninety days, by the holder's signature; resolves to the successor. */
async function renew(t: Test, service: TestService, doctor: SnapshotDoctor, pkcs8: string): Promise<string> {
  const certificate = parseCertificate(Buffer.from(doctor.certificate, 'base64'));
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  const holding = { certificate, signer: memorySigner(key) };
  service.clock.set(new Date(certificate.notAfter.getTime() - 80 * DAY_MILLISECONDS));
  const next = memorySigner();
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
  return successor.bytes.toString('base64');
}

async function findings(pool: ConstructorParameters<typeof Database>[0]): Promise<string[]> {
  const found: string[] = [];
  for await (const { code, subject } of checkRecords(new PgRecords(new Database(pool))))
    found.push(`${code} ${subject}`);
  return found;
}
