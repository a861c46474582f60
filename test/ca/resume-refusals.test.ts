import t from 'tap';
import type { Test } from 'tap';

import type { Authority } from '../../ca/authority/authority.ts';
import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { IssuanceRequest } from '../../ca/issue/issuance-request.ts';
import { changeStatus } from '../../ca/status/change-status.ts';
import { checkRecords } from '../../cli/fsck/check-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { applicationBody } from '../support/applications.ts';
import { TEST_ACTOR, issuanceRequest, issuingParts } from '../support/issuing.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

let lastNumber = 0;

const SILVER = { authorityId: 'silver', profileId: 'signing-card' };

await t.test('an intent that a crash left is asked again what may have changed', async (t) => {
  await onBothServices(t, async (t, service) => {
    const parts = await issuingParts(service);
    const house = { service, parts, issuer: new CertificateIssuer(parts) };
    await t.test('a key that was blocked since is not certified', (t) => blocked(t, house));
    await t.test('what may pass leaves the intent open', (t) => passing(t, house));
    await t.test('no certificate can be recorded for a closed intent', (t) => closed(t, house));
    await t.test('a CA that was revoked since certifies nobody, and nothing new comes from it', (t) =>
      revoked(t, house),
    );
    await t.test('a CA that has expired since certifies nobody', (t) => expired(t, house));
  });
});

interface House {
  service: TestService;
  parts: Awaited<ReturnType<typeof issuingParts>>;
  issuer: CertificateIssuer;
}

/** So that fsck looks for no application. */
function requestOfNoApplication(override: Partial<IssuanceRequest> = {}): IssuanceRequest {
  lastNumber += 1;
  return issuanceRequest({ origin: `test:${lastNumber}`, ...override });
}

/** An intent whose CA key went away. */
async function interrupt({ parts }: House, request: IssuanceRequest): Promise<void> {
  const authority = parts.authorities.get(request.authorityId)!;
  const { label, algorithm, subjectPublicKeyInfo } = authority.signer;
  const sign = () => Promise.reject(new Error('a crash'));
  const away: Authority = { ...authority, signer: { label, algorithm, subjectPublicKeyInfo, sign } };
  const authorities = new Map([...parts.authorities, [authority.id, away]]);
  const faulty = new CertificateIssuer({ ...parts, authorities });
  const token = await faulty.prepare(request);
  await faulty.issue(token, TEST_ACTOR).catch(() => undefined);
}

async function assertRefused(t: Test, house: House, request: IssuanceRequest, code: string): Promise<void> {
  const { database } = house.service.house.stores;
  const told: unknown[] = [];
  const completed = await house.issuer.resume(
    TEST_ACTOR,
    ({ origin }) => origin === request.origin,
    ({ origin }, refusal) => told.push([origin, refusal.code]),
  );
  t.strictSame(completed, []);
  t.strictSame(told, [[request.origin, code]], 'who resumes is told');
  t.strictSame(await house.issuer.resume(TEST_ACTOR), [], 'it is closed');
  const [row] = await database.query({
    text: `select (select count(*)::int from certificate where origin = $1) as certificates, r.code, e.outcome, e.refusal_code
      from issuance_intent i join intent_refusal r using (authority_id, serial_number)
      join audit_event e on e.action = 'complete-intent'
        and e.subject = 'certificate:' || i.authority_id || '/' || encode(i.serial_number, 'hex')
      where i.origin = $1`,
    values: [request.origin],
  });
  t.match(row, { certificates: 0, code, outcome: 'refused', refusal_code: code });
  // What these tests issue comes of no application, and fsck rightly says so of each.
  for await (const { code: found } of checkRecords(new PgRecords(database)))
    t.equal(found, 'approval-missing', `fsck: ${found}`);
}

async function blocked(t: Test, house: House): Promise<void> {
  const request = requestOfNoApplication();
  await interrupt(house, request);
  await house.service.house.stores.database.query({
    text: `insert into blocked_key (spki_sha256, reason, blocked_at) values ($1, 'test', now())`,
    values: [digest('sha256', request.subjectPublicKeyInfo)],
  });
  await assertRefused(t, house, request, 'key-blocked');
}

async function passing(t: Test, house: House): Promise<void> {
  const request = requestOfNoApplication();
  await interrupt(house, request);
  const asked = () => Promise.reject(new Error('no database'));
  for (const broken of [{ checkKey: asked }, { checkAuthority: asked }, { profiles: new Map() }]) {
    await t.rejects(new CertificateIssuer({ ...house.parts, ...broken }).resume(TEST_ACTOR));
  }
  const [completed] = await house.issuer.resume(TEST_ACTOR);
  t.equal(completed.origin, request.origin);
}

async function closed(t: Test, house: House): Promise<void> {
  const request = requestOfNoApplication();
  await interrupt(house, request);
  const { certificates, transactions } = house.parts;
  const refusal = { code: 'test', at: house.service.clock.now() };
  // Another process closes it while this one signs.
  const slow = new CertificateIssuer({
    ...house.parts,
    checkKey: () =>
      transactions.transaction(async (tx) => {
        const [intent] = await certificates.openIntents(tx);
        t.ok(await certificates.refuseIntent(tx, intent, refusal));
        t.notOk(await certificates.refuseIntent(tx, intent, refusal), 'once');
      }),
  });
  await t.rejects(slow.resume(TEST_ACTOR), { code: '23514' });
  t.strictSame(await house.issuer.resume(TEST_ACTOR), []);

  const good = await house.issuer.issue(await house.issuer.prepare(requestOfNoApplication()), TEST_ACTOR);
  await transactions.transaction(async (tx) =>
    t.notOk(await certificates.refuseIntent(tx, good, refusal), 'nor is one closed that has a certificate'),
  );
}

async function revoked(t: Test, house: House): Promise<void> {
  const { app, cookieOf, house: opened } = house.service;
  const request = requestOfNoApplication(SILVER);
  await interrupt(house, request);
  const silver = opened.hierarchy.certificates.get('silver')!;
  const subject = { authorityId: 'root', serialNumber: silver.serialNumber, requestedBy: 'crl:root' };
  await changeStatus(house.parts, { ...subject, event: 'held' }, TEST_ACTOR);
  await t.rejects(
    house.issuer.prepare(issuanceRequest(SILVER)),
    { code: 'authority-revoked' },
    'held is enough',
  );
  await changeStatus(house.parts, { ...subject, event: 'revoked' }, TEST_ACTOR);
  await t.rejects(house.issuer.prepare(issuanceRequest(SILVER)), { code: 'authority-revoked' });
  await assertRefused(t, house, request, 'authority-revoked');

  const filed = await app.inject({
    method: 'POST',
    url: '/api/v1/applications',
    headers: { cookie: await cookieOf('clerk') },
    payload: await applicationBody({ profile: 'signing-card' }),
  });
  t.match(filed.json(), { code: 'profile-not-offered' }, 'nobody else offers what it offered');
  await house.issuer.prepare(issuanceRequest());
}

async function expired(t: Test, house: House): Promise<void> {
  const request = requestOfNoApplication();
  await interrupt(house, request);
  const { notAfter } = house.parts.authorities.get('bronze')!.certificate;
  const clock = { now: () => new Date(notAfter.getTime() + 1000) };
  const late = { ...house, issuer: new CertificateIssuer({ ...house.parts, clock }) };
  await assertRefused(t, late, request, 'authority-expired');
}
