import { createHash } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import type { Misbehaviour } from '../../cli/demo/software-authenticator.ts';
import { enrolPasskey } from '../../cli/demo/officers-passkey.ts';
import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { newId } from '../../core/ids.ts';
import type { NationalId } from '../../core/national-id.ts';
import type { Officer, OfficerId, Role } from '../../ra/officer.ts';
import type { RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';
import { createLoginLink, signIn } from '../../ra/sign-in.ts';
import { applicationBody } from '../support/applications.ts';
import { TEST_ORIGIN, sendAs } from '../support/approve.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

interface Prepared {
  document: {
    certificate: { subject: { type: string; value: string }[]; subjectPublicKeyInfoSha256: string };
    registerAnswers: object[];
    approvedBy: string;
  };
  canonical: string;
  digest: string;
  options: RequestOptions;
}

interface Answer {
  status: number;
  body: { id: string; code: string; state: string; version: number };
}

/** An approving officer at work: a session, and a passkey that may be made to misbehave. */
class Approver {
  readonly officer: Officer;
  readonly passkey = new SoftwareAuthenticator(TEST_ORIGIN);
  readonly send: ReturnType<typeof sendAs>;

  private constructor(officer: Officer, send: ReturnType<typeof sendAs>) {
    this.officer = officer;
    this.send = send;
  }

  static async open(service: TestService, its: Partial<Officer> = {}): Promise<Approver> {
    const { officer, cookie } = await officerOf(service, ['approving-officer'], its);
    const approver = new Approver(officer, sendAs(service.app, cookie));
    await enrolPasskey(approver.send, approver.passkey);
    return approver;
  }

  async prepare(id: string): Promise<Prepared> {
    const { status, body } = await this.send('GET', `/api/v1/applications/${id}/approval`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body as Prepared;
  }

  async approve(id: string, body: object): Promise<Answer> {
    const answer = await this.send('POST', `/api/v1/applications/${id}/approve`, { version: 1, ...body });
    return answer as Answer;
  }

  /** Reads, signs with whatever is wrong, and sends. */
  async sign(id: string, wrong: Misbehaviour = {}): Promise<Answer> {
    const { options } = await this.prepare(id);
    return this.approve(id, { assertion: this.passkey.get(options, wrong) });
  }
}

async function officerOf({ house, clock }: TestService, roles: Role[], its: Partial<Officer> = {}) {
  const { stores, services } = house;
  const id: OfficerId = newId(clock);
  const officer = await stores.database.transaction(async (tx) => {
    const [{ officeId }] = await stores.officers.listOfficers(tx);
    const one: Officer = { id, officeId, name: roles.join(' and '), roles, ...its };
    await stores.officers.insertOfficer(tx, one, clock.now());
    return one;
  });
  const link = await createLoginLink(services.signIn, id, { kind: 'operator', id: 'test' });
  const { sessionSecret } = await signIn(services.signIn, link);
  return { officer, cookie: `${SESSION_COOKIE}=${sessionSecret}` };
}

t.test('approving', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
      t.test(name, (t) => run(t, service));
    await part('what is signed says exactly what is issued', document);
    await part('an assertion that is wrong in any way approves nothing', wrongAssertions);
    await part('an assertion is good once, for its officer, application, version and five minutes', bound);
    await part('a counter that goes back is refused and recorded', counter);
    await part('of two who approve at once one wins, and the other is told', race);
    await part('nobody approves their own case, one about themselves, or as a manager', persons);
    await part('a removed officer is refused with the next request', removed);
    await part('too many wrong signatures lock an officer out, for a quarter of an hour', lockout);
    await part('what has been signed is never changed', appendOnly);
  });
});

async function document(t: Test, service: TestService): Promise<void> {
  const approver = await Approver.open(service);
  const filed = await file(service);
  const { document: said, canonical, digest, options } = await approver.prepare(filed.id);
  t.equal(createHash('sha256').update(canonical).digest('base64url'), digest);
  t.equal(options.challenge, digest, 'the passkey signs the digest');
  t.strictSame(JSON.parse(canonical), said);
  const values = Object.fromEntries(said.certificate.subject.map(({ type, value }) => [type, value]));
  const { applicant } = filed.sent;
  t.match(values, {
    surname: applicant.surname,
    givenName: applicant.givenName,
    serialNumber: applicant.nationalId,
    commonName: `${applicant.latinName} [Mobile Sign]`,
  });
  t.equal(said.registerAnswers.length, 2);
  t.equal(said.approvedBy, approver.officer.id);
  t.strictSame(
    options.allowCredentials?.map(({ id }) => id),
    [approver.passkey.credentialId.toString('base64url')],
    'of this officer alone',
  );
  const approved = await approver.approve(filed.id, { assertion: approver.passkey.get(options) });
  t.match(approved, { status: 200, body: { state: 'issued' } });
  const [row] = await service.house.stores.database.query({
    text: `select p.document, p.method, e.details->>'authorization' as authorization
      from application_approval p, audit_event e where p.application_id = $1
        and e.action = 'intend-certificate' and e.details->>'origin' = 'application:' || $1`,
    values: [filed.id],
  });
  t.match(row, { method: 'passkey', authorization: 'approval' });
  t.equal(String(row['document']), canonical, 'the very octets are kept');
}

async function wrongAssertions(t: Test, service: TestService): Promise<void> {
  const approver = await Approver.open(service);
  const other = await Approver.open(service);
  const { id } = await file(service);
  const cases: [name: string, wrong: Misbehaviour, code: string][] = [
    ['another origin', { origin: 'https://mohr.example' }, 'approval-invalid'],
    ['another relying party', { rpId: 'mohr.example' }, 'approval-invalid'],
    ['nobody there', { userPresent: false }, 'approval-invalid'],
    ['a challenge that is not out', { challenge: 'A'.repeat(43) }, 'approval-outdated'],
    ['a challenge that is none', { challenge: 'x' }, 'approval-outdated'],
  ];
  for (const [name, wrong, code] of cases) t.match(await approver.sign(id, wrong), { body: { code } }, name);
  await service.house.stores.database.query({ text: 'delete from sign_in_failure' });
  const more: typeof cases = [
    ['nobody verified', { userVerified: false }, 'approval-invalid'],
    ['made for registration', { type: 'webauthn.create' }, 'approval-invalid'],
    ['a credential that does not exist', { credentialId: Buffer.alloc(32, 7) }, 'approval-invalid'],
  ];
  for (const [name, wrong, code] of more) t.match(await approver.sign(id, wrong), { body: { code } }, name);
  await service.house.stores.database.query({ text: 'delete from sign_in_failure' });

  const { options } = await approver.prepare(id);
  const foreign = await approver.approve(id, { assertion: other.passkey.get(options) });
  t.match(foreign, { status: 403, body: { code: 'approval-invalid' } }, "another officer's passkey");
  t.match(await approver.approve(id, {}), { status: 422, body: { code: 'approval-unsigned' } });
  const cms = Buffer.from('no signature').toString('base64');
  t.match(await approver.approve(id, { signature: cms }), {
    status: 409,
    body: { code: 'approval-outdated' },
  });
  const [{ count }] = await service.house.stores.database.query<{ count: number }>({
    text: 'select count(*)::int as count from application_approval where application_id = $1',
    values: [id],
  });
  t.equal(count, 0);
  t.match(await approver.sign(id), { status: 200 }, 'and a right one does');
}

async function bound(t: Test, service: TestService): Promise<void> {
  const [approver, other] = [await Approver.open(service), await Approver.open(service)];
  const [one, two] = [await file(service), await file(service)];
  const outdated = { status: 409, body: { code: 'approval-outdated' } };
  const ofOne = await approver.prepare(one.id);
  t.match(
    await approver.approve(two.id, { assertion: approver.passkey.get(ofOne.options) }),
    outdated,
    'for another application',
  );
  t.match(
    await other.approve(one.id, { assertion: other.passkey.get(ofOne.options) }),
    outdated,
    'shown to another officer',
  );
  const assertion = approver.passkey.get((await approver.prepare(one.id)).options);
  t.match(await approver.approve(one.id, { version: 2, assertion }), {
    status: 409,
    body: { code: 'application-changed' },
  });
  service.clock.advanceSeconds(301);
  t.match(await approver.approve(one.id, { assertion }), outdated, 'too late');
  const again = approver.passkey.get((await approver.prepare(one.id)).options);
  await service.house.stores.database.query({
    text: `update application set latin_name = 'Somebody Else' where id = $1`,
    values: [one.id],
  });
  t.match(await approver.approve(one.id, { assertion: again }), outdated, 'the case is not what was shown');
  t.match(await approver.sign(one.id), { status: 200 }, 'read again, it is');
  t.match(await approver.approve(one.id, { assertion: again }), {
    status: 409,
    body: { code: 'application-state' },
  });
}

async function counter(t: Test, service: TestService): Promise<void> {
  const approver = await Approver.open(service);
  const [one, two, three] = [await file(service), await file(service), await file(service)];
  t.match(await approver.sign(one.id, { signCount: 7 }), { status: 200 });
  for (const signCount of [7, 6, 0]) {
    const refused = await approver.sign(two.id, { signCount });
    t.match(refused, { status: 403, body: { code: 'sign-count-regression' } }, `${signCount} after 7`);
  }
  const events = await service.house.stores.database.query({
    text: `select refusal_code from audit_event where actor_id = $1 and outcome = 'refused'`,
    values: [approver.officer.id],
  });
  t.strictSame(
    events.map((event) => event['refusal_code'] as string),
    Array(3).fill('sign-count-regression'),
  );
  t.match(await approver.sign(three.id, { signCount: 8 }), { status: 200 }, 'the next one counts on');
}

async function race(t: Test, service: TestService): Promise<void> {
  const approvers = [
    await Approver.open(service),
    await Approver.open(service),
    await Approver.open(service),
  ];
  const { id } = await file(service);
  const answers = await Promise.all(
    approvers.map((approver) => approver.sign(id).catch((error: Error) => error)),
  );
  const outcomes = answers.map((answer) =>
    answer instanceof Error ? answer.message : (answer.body.code ?? answer.body.state),
  );
  t.equal(outcomes.filter((outcome) => outcome === 'issued').length, 1, outcomes.join(', '));
  for (const outcome of outcomes)
    if (outcome !== 'issued') t.match(outcome, /application-state|application-changed/);
  const [row] = await service.house.stores.database.query({
    text: `select (select count(*)::int from application_approval where application_id = $1) as approvals,
      (select count(*)::int from certificate where origin = 'application:' || $1) as certificates`,
    values: [id],
  });
  t.strictSame(row, { approvals: 1, certificates: 1 });
}

async function persons(t: Test, service: TestService): Promise<void> {
  const filed = await file(service);
  const nationalId = filed.sent.applicant.nationalId as NationalId;
  const cases: [name: string, roles: Role[], its: Partial<Officer>, code: string][] = [
    ['about themselves', ['approving-officer'], { nationalId }, 'own-case'],
    ['a manager', ['approving-officer', 'office-manager'], {}, 'manager-approves'],
    ['a clerk', ['clerk'], {}, 'role-missing'],
  ];
  for (const [name, roles, its, code] of cases) {
    const { cookie } = await officerOf(service, roles, its);
    const send = sendAs(service.app, cookie);
    const path = `/api/v1/applications/${filed.id}`;
    t.match(await send('GET', `${path}/approval`), { status: 403, body: { code } }, name);
    t.match(await send('POST', `${path}/approve`, { version: 1 }), { status: 403, body: { code } }, name);
  }
  const both = await officerOf(service, ['clerk', 'approving-officer']);
  const own = await file(service, both.cookie);
  const answer = await sendAs(service.app, both.cookie)('GET', `/api/v1/applications/${own.id}/approval`);
  t.match(answer, { status: 403, body: { code: 'four-eyes' } });
}

async function removed(t: Test, service: TestService): Promise<void> {
  const approver = await Approver.open(service);
  const { id } = await file(service);
  const { options } = await approver.prepare(id);
  const { stores } = service.house;
  await stores.database.transaction((tx) =>
    stores.offices.setRemoved(tx, approver.officer.id, service.clock.now()),
  );
  t.match(await approver.approve(id, { assertion: approver.passkey.get(options) }), {
    status: 401,
    body: { code: 'session-invalid' },
  });
}

async function lockout(t: Test, service: TestService): Promise<void> {
  const approver = await Approver.open(service);
  const { id } = await file(service);
  for (let attempt = 0; attempt < 5; attempt += 1)
    t.match(await approver.sign(id, { userVerified: false }), { status: 403 });
  t.match(await approver.sign(id), { status: 429, body: { code: 'locked-out' } });
  service.clock.advanceSeconds(15 * 60 + 1);
  t.match(await approver.sign(id), { status: 200 });
}

async function appendOnly(t: Test, { house }: TestService): Promise<void> {
  const { database } = house.stores;
  for (const statement of [
    'update application_approval set approved_at = now()',
    'delete from application_approval',
    'truncate application_approval',
    'update passkey set spki = cose_key',
    'delete from passkey',
  ]) {
    await t.rejects(database.query({ text: statement }), { code: /^(23001|P0001)$/ }, statement);
  }
}

async function file(service: TestService, as?: string) {
  const cookie = as ?? (await service.cookieOf('clerk'));
  const sent = await applicationBody();
  const { status, body } = await sendAs(service.app, cookie)('POST', '/api/v1/applications', sent);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { ...(body as { id: string }), sent };
}
