import { generateKeyPairSync } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseAdmission } from '../../pki/extensions/admission.ts';
import { attributeOf } from '../../pki/name.ts';
import { AT, CE } from '../../pki/oid.ts';
import { decodePem } from '../../pki/pem.ts';
import { applicant, applicationBody } from '../support/applications.ts';
import { approve } from '../support/approve.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

/** The fields of answers that these tests look at. */
interface Body {
  id: string;
  code: string;
  items: { certificate: string }[];
  history: { event: string }[];
}

async function call(
  service: TestService,
  cookie: string,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: object,
) {
  const response = await service.app.inject({ method, url: `/api/v1${url}`, headers: { cookie }, payload });
  return { status: response.statusCode, body: response.json<Body>(), headers: response.headers };
}

t.test('the main job over HTTP', async (t) => {
  await onBothServices(t, async (t, service) => {
    await t.test('an application becomes a certificate only through four eyes', (t) =>
      becomesCertificate(t, service),
    );
    await t.test('what cannot become a certificate is refused when it is filed, and says why', (t) =>
      isRefused(t, service),
    );
    await t.test('an officer sees their own office only', (t) => seesOwnOffice(t, service));
  });
});

async function becomesCertificate(t: Test, service: TestService): Promise<void> {
  const [clerk, approver, operator] = await Promise.all([
    service.cookieOf('clerk'),
    service.cookieOf('approving-officer'),
    service.cookieOf('ca-operator'),
  ]);
  const body = await applicationBody();
  const filed = await call(service, clerk, 'POST', '/applications', body);
  t.match(filed, { status: 201, body: { state: 'submitted', version: 1, authority: 'bronze' } });
  t.equal(filed.headers.location, `/api/v1/applications/${filed.body.id}`);
  const path = `/applications/${filed.body.id}`;

  await t.test('refusals', async (t) => {
    const refused = async (
      name: string,
      answer: Promise<{ status: number; body: { code: string } }>,
      status: number,
      code: string,
    ) => {
      const { status: actual, body: problem } = await answer;
      t.strictSame([actual, problem.code], [status, code], name);
    };
    await refused(
      'the clerk may not approve',
      call(service, clerk, 'POST', `${path}/approve`, { version: 1 }),
      403,
      'role-missing',
    );
    await refused(
      'nobody decides on another version',
      call(service, approver, 'POST', `${path}/approve`, { version: 2 }),
      409,
      'application-changed',
    );
    await refused(
      'the same key again',
      call(service, clerk, 'POST', '/applications', { ...body, applicant: applicant() }),
      409,
      'key-in-use',
    );
    await refused(
      'without a session',
      call(service, '', 'POST', `${path}/approve`, { version: 1 }),
      401,
      'session-missing',
    );
    await refused(
      'with a made-up session',
      call(service, `${SESSION_COOKIE}=x`, 'GET', path),
      401,
      'session-invalid',
    );
    await refused(
      'an unknown application',
      call(service, approver, 'POST', `/applications/${crypto.randomUUID()}/approve`, { version: 1 }),
      404,
      'application-unknown',
    );
    await refused(
      'an unknown field',
      call(service, approver, 'POST', `${path}/approve`, { version: 1, extra: 1 }),
      400,
      'request-malformed',
    );
    await refused(
      'nobody approves without a signature',
      call(service, approver, 'POST', `${path}/approve`, { version: 1 }),
      422,
      'approval-unsigned',
    );
  });

  const approved = await approve(service.app, approver, filed.body.id, { version: 1, note: 'seen' });
  t.match(approved, { status: 200, body: { state: 'issued', decisionNote: 'seen' } });
  const again = await call(service, approver, 'POST', `${path}/approve`, { version: 3 });
  t.match(again, { status: 409, body: { code: 'application-state' } }, 'nothing is issued twice');

  const found = await call(service, clerk, 'GET', `/certificates?applicationId=${filed.body.id}`);
  t.equal(found.body.items.length, 1);
  const certificate = parseCertificate(decodePem(found.body.items[0].certificate, ['CERTIFICATE'])[0].bytes);
  t.equal(attributeOf(certificate.subject, AT.serialNumber), body.applicant.nationalId);
  t.equal(attributeOf(certificate.subject, AT.surname), body.applicant.surname);
  t.equal(
    attributeOf(certificate.subject, AT.commonName),
    `${body.applicant.latinName} [Mobile Sign]`,
    'not what the request said',
  );
  const admission = parseAdmission(certificate.extensions.get(CE.admission)!.value);
  t.equal(admission.professionInfos[0].registrationNumber, body.applicant.councilNumber.digits);

  const one = `/certificates/bronze/${certificate.serialNumber.toString('hex')}`;
  t.match(await call(service, clerk, 'POST', `${one}/revoke`, { reason: 'superseded' }), { status: 403 });
  t.match(await call(service, clerk, 'POST', `${one}/hold`), {
    status: 200,
    body: { event: 'held', reason: 'certificateHold' },
  });
  t.match(
    await call(service, operator, 'POST', `${one}/hold`),
    { status: 200, body: { event: 'held' } },
    'sent twice',
  );
  t.match(await call(service, operator, 'POST', `${one}/release`), {
    status: 200,
    body: { event: 'released' },
  });
  t.match(await call(service, operator, 'POST', `${one}/revoke`, { reason: 'certificateHold' }), {
    status: 400,
  });
  t.match(await call(service, operator, 'POST', `${one}/revoke`, { reason: 'keyCompromise' }), {
    status: 200,
  });
  t.match(
    await call(service, operator, 'POST', `${one}/release`),
    { status: 409 },
    'a revocation is never undone',
  );
  const read = await call(service, operator, 'GET', one);
  t.strictSame(
    read.body.history.map((change) => change.event),
    ['issued', 'held', 'released', 'revoked'],
  );

  const events = await service.house.stores.database.query<{
    action: string;
    outcome: string;
    refusal_code: string | null;
  }>({
    text: 'select action, outcome, refusal_code from audit_event where actor_kind = $1 order by id',
    values: ['officer'],
  });
  const counted = (outcome: string) =>
    events.filter((event) => event.outcome === outcome).map(({ action }) => action);
  t.strictSame(
    counted('accepted').filter((action) => !['sign-in', 'register-passkey'].includes(action)),
    [
      'file-application',
      'check-registers',
      'approve-application',
      'intend-certificate',
      'issue-certificate',
      'complete-application',
      'hold-certificate',
      'release-certificate',
      'lift-hold-cause',
      'revoke-certificate',
    ],
    'each accepted action has its event',
  );
  t.strictSame(
    events
      .filter((event) => event.outcome === 'refused')
      .map(({ action, refusal_code: code }) => [action, code]),
    [
      ['approve-application', 'role-missing'],
      ['approve-application', 'application-changed'],
      ['file-application', 'key-in-use'],
      ['approve-application', 'application-unknown'],
      ['approve-application', 'request-malformed'],
      ['approve-application', 'approval-unsigned'],
      ['approve-application', 'application-state'],
      ['revoke-certificate', 'role-missing'],
      ['revoke-certificate', 'request-malformed'],
      ['release-certificate', 'status-transition'],
    ],
    'each refused action has its event',
  );
}

async function isRefused(t: Test, service: TestService): Promise<void> {
  const clerk = await service.cookieOf('clerk');
  const good = await applicationBody();
  const before = await countApplications(service);
  const weakRsa = memorySigner(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'rsa-sha256');
  const forged = good.certificationRequest.replace(
    /.{8}\n-----END/,
    (end) => (end.startsWith('A') ? 'B' : 'A') + end.slice(1),
  );
  const cases: [name: string, body: object, status: number, code: string][] = [
    [
      'a national id with a wrong check digit',
      { ...good, applicant: applicant({ nationalId: wrongCheckDigit(good.applicant.nationalId) }) },
      422,
      'national-id-checksum',
    ],
    [
      'a national id of nine digits',
      { ...good, applicant: applicant({ nationalId: '999000000' }) },
      422,
      'national-id-malformed',
    ],
    [
      'an unknown membership group',
      { ...good, applicant: applicant({ councilNumber: { group: 'barber', digits: '1' } }) },
      422,
      'council-group-unknown',
    ],
    [
      'a council number that its group does not have',
      { ...good, applicant: applicant({ councilNumber: { group: 'physician', digits: '12345678' } }) },
      422,
      'council-number-malformed',
    ],
    [
      'a name in Latin letters',
      { ...good, applicant: applicant({ surname: 'Azmayeshi' }) },
      422,
      'name-not-persian',
    ],
    [
      'a Latin name in Persian letters',
      { ...good, applicant: applicant({ latinName: 'شیرین' }) },
      422,
      'latin-name-malformed',
    ],
    ['a weak key', await applicationBody({}, weakRsa), 422, 'key-weak'],
    [
      'a wrong proof of possession',
      { ...good, certificationRequest: forged },
      422,
      'certification-request-signature',
    ],
    [
      'something that is no request',
      { ...good, certificationRequest: 'MIIB' },
      422,
      'certification-request-malformed',
    ],
    ['an unknown profile', { ...good, profile: 'driving-licence' }, 422, 'profile-unknown'],
    ['a profile that is not for holders', { ...good, profile: 'intermediate' }, 422, 'profile-unknown'],
    ['a body without its applicant', { profile: 'signing-phone' }, 400, 'request-malformed'],
    [
      'a request beyond all measure',
      { ...good, certificationRequest: 'A'.repeat(200_000) },
      413,
      'request-too-large',
    ],
  ];
  for (const [name, body, status, code] of cases) {
    const answer = await call(service, clerk, 'POST', '/applications', body);
    t.strictSame([answer.status, answer.body.code], [status, code], name);
    t.equal(
      answer.headers['content-type'],
      'application/problem+json; charset=utf-8',
      `${name}: a problem document`,
    );
  }
  t.equal(await countApplications(service), before, 'nothing was stored');
  const unreadable = await service.app.inject({
    method: 'POST',
    url: '/api/v1/applications',
    headers: { cookie: clerk, 'content-type': 'application/json' },
    payload: '{"profile":',
  });
  t.strictSame(
    [unreadable.statusCode, unreadable.json<Body>().code],
    [400, 'request-malformed'],
    'JSON that ends too soon',
  );
}

async function seesOwnOffice(t: Test, service: TestService): Promise<void> {
  const clerk = await service.cookieOf('clerk');
  const filed = await call(service, clerk, 'POST', '/applications', await applicationBody());
  const { database } = service.house.stores;
  await database.query({
    text: `with o as (insert into office (id, kind, name, created_at) values (gen_random_uuid(), 'notary', 'x', now()) returning id)
        update officer set office_id = (select id from o) where 'clerk' = any(roles)`,
  });
  t.match(await call(service, clerk, 'GET', `/applications/${filed.body.id}`), { status: 404 });
  t.strictSame((await call(service, clerk, 'GET', '/applications')).body.items, []);
  t.match(await call(service, clerk, 'POST', `/applications/${filed.body.id}/withdraw`, { version: 1 }), {
    status: 404,
  });
  const approver = await service.cookieOf('approving-officer');
  t.match(await call(service, approver, 'POST', `/applications/${filed.body.id}/reject`, { version: 1 }), {
    status: 200,
    body: { state: 'rejected' },
  });
}

/** Nine digits have exactly one check digit, so the next one is wrong. */
function wrongCheckDigit(nationalId: string): string {
  return nationalId.slice(0, 9) + String((Number(nationalId[9]) + 1) % 10);
}

async function countApplications({ house }: TestService): Promise<number> {
  const [row] = await house.stores.database.query<{ count: number }>({
    text: 'select count(*)::int from application',
  });
  return row.count;
}
