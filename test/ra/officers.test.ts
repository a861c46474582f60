import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';
import type { Test } from 'tap';

import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { enrolPasskey } from '../../cli/demo/officers-passkey.ts';
import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import type { Misbehaviour } from '../../cli/demo/software-authenticator.ts';
import type { RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { applicationBody } from '../support/applications.ts';
import { TEST_ORIGIN, sendAs } from '../support/approve.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

type Send = ReturnType<typeof sendAs>;

interface View {
  id: string;
  code: string;
  state: string;
  officerId: string;
  loginLink: string;
  credentials: number;
  method: string;
  officer: { id: string; officeName: string; roles: string[] };
  items: {
    id: string;
    roles: string[];
    passkeys: number;
    removedAt?: string;
    certificate: string;
    isGood: boolean;
  }[];
}

/** The demonstration officers, each signed in by a link, as a browser would send for them. */
class House {
  readonly service: TestService;
  readonly manager: Send;
  readonly operator: Send;
  readonly security: Send;
  readonly clerk: Send;

  private constructor(service: TestService, cookies: readonly string[]) {
    this.service = service;
    [this.manager, this.operator, this.security, this.clerk] = cookies.map((cookie) =>
      sendAs(service.app, cookie),
    );
  }

  static async open(service: TestService): Promise<House> {
    const roles = ['office-manager', 'ca-operator', 'security-officer', 'clerk'] as const;
    const cookies: string[] = [];
    for (const role of roles) cookies.push(await service.cookieOf(role));
    return new House(service, cookies);
  }

  async officerId(of: Send): Promise<string> {
    return (await ask(of, 'GET', '/sessions/current')).body.officer.id;
  }

  async officeId(): Promise<string> {
    return (await ask(this.manager, 'GET', '/offices')).body.items[0].id;
  }

  /** Proposed by the manager, confirmed by the operator. */
  async add(roles: string[], name = 'نو'): Promise<string> {
    const body = { kind: 'add', officeId: await this.officeId(), name, roles };
    const { body: change } = await ask(this.manager, 'POST', '/officer-changes', body);
    await ask(this.operator, 'POST', `/officer-changes/${change.id}/confirm`);
    return change.officerId;
  }

  async change(proposer: Send, body: object, confirmer: Send) {
    const proposed = await ask(proposer, 'POST', '/officer-changes', body);
    return proposed.status === 201
      ? ask(confirmer, 'POST', `/officer-changes/${proposed.body.id}/confirm`)
      : proposed;
  }

  /** Signs a new officer in with the link that the manager makes. */
  async signIn(officerId: string, maker = this.manager): Promise<Send> {
    const made = await ask(maker, 'POST', `/officers/${officerId}/login-links`);
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    const loginLink = new URL(made.body.loginLink).hash.slice(1);
    return this.open({ loginLink });
  }

  async open(payload: object, headers: Record<string, string> = {}): Promise<Send> {
    const answer = await this.post(payload, headers);
    if (answer.statusCode !== 201) throw new Error(answer.body);
    const [{ value }] = answer.cookies;
    return sendAs(this.service.app, `${SESSION_COOKIE}=${value}`);
  }

  post(payload: object, headers: Record<string, string> = {}) {
    addresses += 1;
    const remoteAddress = `10.2.${addresses >> 8}.${addresses & 0xff}`;
    return this.service.app.inject({
      method: 'POST',
      url: '/api/v1/sessions',
      payload,
      headers,
      remoteAddress,
    });
  }
}

let addresses = 0;

async function ask(send: Send, method: 'GET' | 'POST', path: string, body?: object) {
  return (await send(method, `/api/v1${path}`, body)) as { status: number; body: View };
}

t.test('officers and offices', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, house: House) => Promise<void>) =>
      t.test(name, async (t) => run(t, await House.open(service)));
    await part(
      'an officer is added by two, signs in by a link, enrols a passkey, and signs in with that',
      passkeys,
    );
    await part(
      'what a browser sends for a passkey is wrong in many ways, and signs nobody in',
      wrongPasskeys,
    );
    await part('an officer sees their sessions and ends one or all others', sessions);
    await part('passkeys and sessions change within minutes of a proof alone', freshProof);
    await part('who changes officers are two, and neither is the third', twoOfficers);
    await part('a manager gives the roles of an office only, and nobody manages and approves', roles);
    await part('a removed officer is out at once, and may come back', removal);
    await part('lost passkeys are reset by two before there is a link', reset);
    await part(
      'an officer certificate is confirmed by another, approves, and is taken away by one',
      certificates,
    );
    await part('offices are opened by the house, and seen by their own', offices);
  });
});

async function passkeys(t: Test, house: House): Promise<void> {
  const id = await house.add(['approving-officer']);
  const officer = await house.signIn(id);
  t.match((await ask(officer, 'GET', '/sessions/current')).body, {
    officer: { id, roles: ['approving-officer'], officeName: /نظام پزشکی/ },
    method: 'link',
    credentials: 0,
  });
  const key = new SoftwareAuthenticator(TEST_ORIGIN);
  await enrolPasskey(officer, key, 'کلید من');
  const listed = await ask(officer, 'GET', '/passkeys');
  t.match(listed.body.items, [{ name: 'کلید من' }]);
  const withKey = await house.open({ passkey: key.get(await challenge(house)) });
  t.match((await ask(withKey, 'GET', '/sessions/current')).body, { id, method: 'passkey', credentials: 1 });
  const removed = await house.service.app.inject({
    method: 'DELETE',
    url: `/api/v1/passkeys/${listed.body.items[0].id}`,
    headers: { cookie: await house.service.cookieOf('clerk') },
  });
  t.equal(removed.statusCode, 404, "another officer's passkey does not exist");
  const { body } = await ask(house.manager, 'GET', '/officers');
  t.equal(body.items.find((one) => one.id === id)?.passkeys, 1);
  t.notMatch(JSON.stringify(body), /nationalId/);
}

async function challenge({ service }: House): Promise<RequestOptions> {
  addresses += 1;
  const remoteAddress = `10.3.${addresses >> 8}.${addresses & 0xff}`;
  const url = '/api/v1/session-challenges';
  const answer = await service.app.inject({ method: 'POST', url, payload: {}, remoteAddress });
  return answer.json<{ options: RequestOptions }>().options;
}

interface Listed {
  id: string;
  isCurrent: boolean;
  method: string;
  openedFrom: string;
  userAgent: string;
}

async function sessions(t: Test, house: House): Promise<void> {
  const first = await house.signIn(await house.add(['clerk']));
  const key = new SoftwareAuthenticator(TEST_ORIGIN);
  await enrolPasskey(first, key);
  const open = async (userAgent: string) => {
    const passkey = key.get(await challenge(house));
    return house.open({ passkey }, { 'user-agent': userAgent });
  };
  const [second, third] = [await open('Firefox'), await open(`Chromium${'m'.repeat(300)}`)];
  const listOf = async (of: Send) => (await of('GET', '/api/v1/sessions')).body as { items: Listed[] };
  const { items } = await listOf(second);
  t.match(items, [
    { method: 'passkey', isCurrent: false, userAgent: /^Chromium{1,193}$/, openedFrom: /^10\.2\./ },
    { method: 'passkey', isCurrent: true, userAgent: 'Firefox' },
    { method: 'link', isCurrent: false },
  ]);
  t.equal(items.length, 3, 'and nobody else’s');
  t.notMatch(JSON.stringify(items), /secret|sha256/i);
  const ids = items.map(({ id }) => id);
  t.match(
    await remove(house.clerk, `/sessions/${ids[0]}`),
    { status: 404 },
    "another officer's does not exist",
  );
  t.match(await remove(second, `/sessions/${ids[0]}`), { status: 204 });
  t.match(await ask(third, 'GET', '/sessions/current'), { status: 401, body: { code: 'session-invalid' } });
  t.match(await remove(second, `/sessions/${ids[0]}`), {
    status: 404,
    body: { code: 'officer-session-unknown' },
  });
  t.match(await remove(first, '/sessions'), { status: 403, body: { code: 'proof-outdated' } });
  t.match(await remove(second, '/sessions'), { status: 204 });
  t.match(await ask(first, 'GET', '/sessions/current'), { status: 401 });
  t.match((await listOf(second)).items, [{ id: ids[1], isCurrent: true }], 'its own goes on');
  const events = await house.service.house.stores.database.query({
    text: `select details from audit_event where action = 'end-sessions' and outcome = 'accepted' and actor_id = $1 order by id`,
    values: [await house.officerId(second)],
  });
  t.strictSame(events, [{ details: { sessions: '1' } }, { details: { sessions: '1' } }]);
  house.service.clock.advanceSeconds(30 * 60 + 1);
  const again = await open('Safari');
  t.match((await listOf(again)).items, [{ userAgent: 'Safari' }], 'what has idled is no session any more');
  t.equal((await listOf(again)).items.length, 1);
}

async function freshProof(t: Test, house: House): Promise<void> {
  const byLink = await house.signIn(await house.add(['clerk']));
  const { clock } = house.service;
  const late = { status: 403, body: { code: 'proof-outdated' } };
  const register = (of: Send) => ask(of, 'POST', '/passkey-registrations', {});
  clock.advanceSeconds(10 * 60);
  t.match(await register(byLink), { status: 201 }, 'ten minutes after the link');
  clock.advanceSeconds(1);
  t.match(await register(byLink), late, 'a second later');
  const renewed = await house.signIn(await house.officerId(byLink));
  const key = new SoftwareAuthenticator(TEST_ORIGIN);
  await enrolPasskey(renewed, key);
  t.match(await register(renewed), late, 'a link is worth nothing beside a passkey');
  const { body } = await ask(renewed, 'GET', '/passkeys');
  const path = `/passkeys/${body.items[0].id}`;
  t.match(await remove(renewed, path), late);
  const proved = await house.open({ passkey: key.get(await challenge(house)) });
  clock.advanceSeconds(10 * 60 + 1);
  for (const refused of [await register(proved), await remove(proved, path)]) t.match(refused, late);
  t.match(await ask(proved, 'GET', '/sessions/current'), { status: 200 }, 'everything else goes on');
  const again = await house.open({ passkey: key.get(await challenge(house)) });
  t.match(await register(again), { status: 201 });
  t.match(await remove(again, path), { status: 204 });
  const [{ refusals }] = await house.service.house.stores.database.query<{ refusals: number }>({
    text: `select count(*)::int as refusals from audit_event where refusal_code = 'proof-outdated' and actor_id = $1`,
    values: [await house.officerId(again)],
  });
  t.equal(refusals, 5, 'each is on record');
}

function remove(of: Send, path: string) {
  return of('DELETE', `/api/v1${path}`) as Promise<{ status: number; body: View }>;
}

async function wrongPasskeys(t: Test, house: House): Promise<void> {
  const officer = await house.signIn(await house.add(['clerk']));
  const key = new SoftwareAuthenticator(TEST_ORIGIN);
  await enrolPasskey(officer, key);
  const clear = () => house.service.house.stores.database.query({ text: 'delete from sign_in_failure' });
  const cases: [name: string, wrong: Misbehaviour][] = [
    ['another origin', { origin: 'https://mohr.example' }],
    ['another relying party', { rpId: 'mohr.example' }],
    ['nobody verified', { userVerified: false }],
    ['made for registration', { type: 'webauthn.create' }],
    ['a challenge that is not out', { challenge: 'A'.repeat(43) }],
    ['a credential that does not exist', { credentialId: Buffer.alloc(16, 1) }],
  ];
  for (const [name, wrong] of cases) {
    await clear();
    const answer = await house.post({ passkey: key.get(await challenge(house), wrong) });
    t.strictSame([answer.statusCode, answer.json<View>().code], [401, 'assertion-invalid'], name);
  }
  await clear();
  const options = await challenge(house);
  const once = { passkey: key.get(options) };
  t.equal((await house.post(once)).statusCode, 201);
  t.equal((await house.post(once)).json<View>().code, 'assertion-invalid', 'replayed');
  const late = key.get(await challenge(house));
  house.service.clock.advanceSeconds(301);
  t.equal((await house.post({ passkey: late })).json<View>().code, 'assertion-invalid', 'too late');

  const back = await house.post({ passkey: key.get(await challenge(house), { signCount: 1 }) });
  t.strictSame([back.statusCode, back.json<View>().code], [403, 'sign-count-regression']);
  const [event] = await house.service.house.stores.database.query({
    text: `select actor_kind, outcome from audit_event where refusal_code = 'sign-count-regression' order by id desc limit 1`,
  });
  t.strictSame(event, { actor_kind: 'anonymous', outcome: 'refused' }, 'a copied key is on record');

  await clear();
  for (let attempt = 0; attempt < 5; attempt += 1)
    await house.post({
      passkey: key.get(await challenge(house), { userVerified: false, signCount: 50 + attempt }),
    });
  const locked = await house.post({ passkey: key.get(await challenge(house), { signCount: 100 }) });
  t.strictSame([locked.statusCode, locked.json<View>().code], [429, 'locked-out'], 'from whatever address');
  house.service.clock.advanceSeconds(15 * 60 + 1);
  t.equal(
    (await house.post({ passkey: key.get(await challenge(house), { signCount: 101 }) })).statusCode,
    201,
  );

  const proved = await house.open({ passkey: key.get(await challenge(house), { signCount: 102 }) });
  const registration = await proved('POST', '/api/v1/passkey-registrations', {});
  const { options: creation } = registration.body as { options: Parameters<typeof key.create>[0] };
  const response = key.create(creation, { userVerified: false });
  t.match(await proved('POST', '/api/v1/passkeys', { name: 'x', response }), {
    status: 422,
    body: { code: 'registration-invalid' },
  });
}

async function twoOfficers(t: Test, house: House): Promise<void> {
  const officeId = await house.officeId();
  const body = { kind: 'add', officeId, name: 'یکی', roles: ['clerk'] };
  const { body: change } = await ask(house.manager, 'POST', '/officer-changes', body);
  t.match(change, { state: 'pending' });
  const confirm = `/officer-changes/${change.id}/confirm`;
  t.match(await ask(house.manager, 'POST', confirm), { status: 403, body: { code: 'four-eyes' } });
  t.match(await ask(house.clerk, 'POST', confirm), { status: 403, body: { code: 'role-missing' } });
  t.match(await ask(house.security, 'POST', confirm), { status: 200, body: { state: 'confirmed' } });
  t.match(await ask(house.operator, 'POST', confirm), { status: 409, body: { code: 'change-state' } });
  const officerId = change.officerId;
  const pending = { kind: 'set-roles', officerId, roles: ['auditor'] };
  t.match(await ask(house.security, 'POST', '/officer-changes', pending), { status: 201 });
  t.match(await ask(house.operator, 'POST', '/officer-changes', pending), {
    status: 409,
    body: { code: 'change-pending' },
  });
  const { body: list } = await ask(house.operator, 'GET', '/officer-changes?state=pending');
  t.match(list.items, [{ kind: 'set-roles', roles: ['auditor'] }]);
  t.match(await ask(house.security, 'POST', `/officer-changes/${list.items[0].id}/reject`), { status: 200 });
  const own = { kind: 'set-roles', officerId: await house.officerId(house.operator), roles: ['auditor'] };
  t.match(await ask(house.operator, 'POST', '/officer-changes', own), {
    status: 403,
    body: { code: 'own-case' },
  });
  const { body: about } = await ask(house.security, 'POST', '/officer-changes', own);
  t.match(
    await ask(house.operator, 'POST', `/officer-changes/${about.id}/confirm`),
    { status: 403, body: { code: 'own-case' } },
    'nobody confirms what concerns themselves',
  );
  await ask(house.security, 'POST', `/officer-changes/${about.id}/reject`);
  const forged = house.service.house.stores.database.query({
    text: `update officer_change set decided_by = proposed_by where id = $1`,
    values: [change.id],
  });
  await t.rejects(forged, { code: '23001' }, 'and the database keeps what was decided');
}

async function roles(t: Test, house: House): Promise<void> {
  const officeId = await house.officeId();
  const add = (override: object) => ({ kind: 'add', officeId, name: 'دو', roles: ['clerk'], ...override });
  const propose = (send: Send, body: object) => ask(send, 'POST', '/officer-changes', body);
  t.match(await propose(house.manager, add({ roles: ['ca-operator'] })), { body: { code: 'role-missing' } });
  t.match(await propose(house.manager, add({ roles: ['office-manager', 'approving-officer'] })), {
    status: 409,
    body: { code: 'roles-incompatible' },
  });
  t.match(await propose(house.manager, add({ roles: ['bishop'] })), { status: 400 });
  t.match(await propose(house.operator, add({ officeId: crypto.randomUUID() })), {
    body: { code: 'office-unknown' },
  });
  t.match(await propose(house.manager, add({ nationalId: '1234567890' })), {
    body: { code: /^national-id/ },
  });
  const nationalId = (await applicationBody()).applicant.nationalId;
  const manager = await propose(house.operator, add({ nationalId, roles: ['office-manager'] }));
  await ask(house.security, 'POST', `/officer-changes/${manager.body.id}/confirm`);
  t.match(
    await propose(house.operator, add({ nationalId, roles: ['approving-officer'], name: 'همان' })),
    { status: 409, body: { code: 'roles-incompatible' } },
    'nor the same person under another name',
  );
  const clerk = await house.add(['clerk']);
  const widened = { kind: 'set-roles', officerId: clerk, roles: ['approving-officer', 'office-manager'] };
  t.match(await propose(house.operator, widened), { body: { code: 'roles-incompatible' } });
  const officer = await house.signIn(clerk);
  t.match(await ask(officer, 'GET', '/officers'), { status: 403 });
  const changed = await house.change(
    house.manager,
    { ...widened, roles: ['office-manager'] },
    house.operator,
  );
  t.match(changed, { status: 200 });
  t.match(await ask(officer, 'GET', '/officers'), { status: 200 }, 'from the next request on');
}

async function removal(t: Test, house: House): Promise<void> {
  const officerId = await house.add(['clerk']);
  const officer = await house.signIn(officerId);
  const key = new SoftwareAuthenticator(TEST_ORIGIN);
  await enrolPasskey(officer, key);
  t.match(await house.change(house.manager, { kind: 'remove', officerId }, house.operator), { status: 200 });
  t.match(await ask(officer, 'GET', '/sessions/current'), { status: 401, body: { code: 'session-invalid' } });
  const refused = await house.post({ passkey: key.get(await challenge(house)) });
  t.equal(refused.json<View>().code, 'assertion-invalid');
  t.match(await ask(house.manager, 'POST', `/officers/${officerId}/login-links`), { status: 404 });
  t.match(await house.change(house.manager, { kind: 'remove', officerId }, house.operator), {
    status: 409,
    body: { code: 'officer-state' },
  });
  t.match(await house.change(house.manager, { kind: 'restore', officerId }, house.operator), { status: 200 });
  const again = await house.open({ passkey: key.get(await challenge(house)) });
  t.match(await ask(again, 'GET', '/sessions/current'), { status: 200 });
  const ended = await house.service.app.inject({
    method: 'DELETE',
    url: `/api/v1/officers/${officerId}/sessions`,
    headers: { cookie: await house.service.cookieOf('security-officer') },
  });
  t.equal(ended.statusCode, 204);
  t.match(await ask(again, 'GET', '/sessions/current'), { status: 401 });
}

async function reset(t: Test, house: House): Promise<void> {
  const officerId = await house.add(['approving-officer']);
  const officer = await house.signIn(officerId);
  const key = new SoftwareAuthenticator(TEST_ORIGIN);
  await enrolPasskey(officer, key);
  t.match(
    await ask(house.manager, 'POST', `/officers/${officerId}/login-links`),
    { status: 409, body: { code: 'officer-has-credentials' } },
    'one alone cannot take over an officer who has a key',
  );
  t.match(await house.change(house.manager, { kind: 'reset', officerId }, house.security), { status: 200 });
  t.match(await ask(officer, 'GET', '/sessions/current'), { status: 401 });
  const refused = await house.post({ passkey: key.get(await challenge(house)) });
  t.equal(refused.json<View>().code, 'assertion-invalid');
  t.match(await ask(await house.signIn(officerId), 'GET', '/sessions/current'), { body: { credentials: 0 } });
}

async function certificates(t: Test, house: House): Promise<void> {
  const folder = temporaryFolder(t);
  const openssl = (...args: string[]) => runOpenssl(args, { cwd: folder });
  const officerId = await house.add(['approving-officer'], 'تأییدکنندهٔ دوم');
  let officer = await house.signIn(officerId);
  openssl(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'o.key',
    '-subj',
    '/CN=x',
    '-out',
    'o.csr',
  );
  const certificationRequest = readFileSync(join(folder, 'o.csr'), 'utf8');
  const asked = await ask(officer, 'POST', '/officer-certificates', { certificationRequest });
  t.match(asked, { status: 202, body: { kind: 'certify', state: 'pending' } });
  t.match(await ask(officer, 'GET', '/officer-certificates'), { body: { items: [] } });
  t.match(await ask(house.manager, 'POST', `/officer-changes/${asked.body.id}/confirm`), { status: 200 });
  const { body } = await ask(officer, 'GET', '/officer-certificates');
  t.equal(body.items.length, 1);
  const certificate = parseCertificate(decodePem(body.items[0].certificate, ['CERTIFICATE'])[0].bytes);
  t.match(
    certificate.subject.rdns.flat().map(({ value }) => value),
    ['IR', /./, /نظام پزشکی/, 'تأییدکنندهٔ دوم'],
  );
  writeFileSync(join(folder, 'o.pem'), body.items[0].certificate);

  const sign = async (tamper: (text: string) => string = (text) => text, ...more: string[]) => {
    const filed = await ask(house.clerk, 'POST', '/applications', await applicationBody());
    const path = `/applications/${filed.body.id}`;
    const prepared = (await officer('GET', `/api/v1${path}/approval`)).body as { canonical: string };
    writeFileSync(join(folder, 'doc'), tamper(prepared.canonical));
    openssl(
      'cms',
      '-sign',
      '-binary',
      '-md',
      'sha256',
      ...more,
      '-in',
      'doc',
      '-signer',
      'o.pem',
      '-inkey',
      'o.key',
      '-outform',
      'DER',
      '-out',
      'sig',
    );
    const signature = readFileSync(join(folder, 'sig')).toString('base64');
    return ask(officer, 'POST', `${path}/approve`, { version: 1, signature });
  };
  t.match(await sign(), { status: 200, body: { state: 'issued' } });
  t.match(await sign(undefined, '-cades'), { status: 200 }, 'CAdES too');
  t.match(await sign((text) => text.replace('signing-phone', 'signing-card')), {
    status: 409,
    body: { code: 'approval-outdated' },
  });
  t.match(await sign(undefined, '-nodetach'), { status: 403, body: { code: 'approval-invalid' } });

  const serial = certificate.serialNumber.toString('hex');
  const { statusCode } = await house.service.app.inject({
    method: 'POST',
    url: `/api/v1/certificates/silver/${serial}/revoke`,
    headers: { cookie: await house.service.cookieOf('ca-operator') },
    payload: { reason: 'keyCompromise' },
  });
  t.equal(statusCode, 404, 'it is no holder’s');
  const revoke = async (role: 'clerk' | 'office-manager', name: string) => {
    const answer = await house.service.app.inject({
      method: 'POST',
      url: `/api/v1/officers/${officerId}/certificates/silver/${name}/revoke`,
      headers: { cookie: await house.service.cookieOf(role) },
      payload: { reason: 'keyCompromise' },
    });
    return answer.statusCode;
  };
  t.equal(await revoke('clerk', serial), 403);
  t.equal(await revoke('office-manager', 'ab'.repeat(16)), 404, 'none of this officer');
  const listed = await ask(house.manager, 'GET', `/officers/${officerId}/certificates`);
  t.match(listed.body.items, [{ isGood: true }]);
  t.equal(await revoke('office-manager', serial), 204, 'one is enough to take it away');
  t.equal(await revoke('office-manager', serial), 204, 'and once');
  t.match(await ask(officer, 'GET', '/sessions/current'), { status: 401 }, 'with every session');
  officer = await house.signIn(officerId);
  t.match(await sign(), { status: 403, body: { code: 'approval-invalid' } });
  t.match(await house.change(house.manager, { kind: 'remove', officerId }, house.operator), { status: 200 });
  const history = await house.service.house.stores.database.query({
    text: `select event, reason from status_change where serial_number = $1 order by change_number`,
    values: [certificate.serialNumber],
  });
  t.strictSame(history, [
    { event: 'issued', reason: null },
    { event: 'revoked', reason: 'keyCompromise' },
  ]);
}

async function offices(t: Test, house: House): Promise<void> {
  const body = { kind: 'notary', name: 'دفتر اسناد رسمی ۱۲' };
  t.match(await ask(house.manager, 'POST', '/offices', body), { status: 403 });
  const opened = await ask(house.security, 'POST', '/offices', body);
  t.match(opened, { status: 201, body });
  t.equal((await ask(house.operator, 'GET', '/offices')).body.items.length, 2);
  t.equal((await ask(house.manager, 'GET', '/offices')).body.items.length, 1, 'their own alone');
  const rename = async (role: 'office-manager' | 'ca-operator', id: string) =>
    (
      await house.service.app.inject({
        method: 'PATCH',
        url: `/api/v1/offices/${id}`,
        headers: { cookie: await house.service.cookieOf(role) },
        payload: { name: 'نام تازه' },
      })
    ).statusCode;
  t.equal(await rename('office-manager', opened.body.id), 404);
  t.equal(await rename('ca-operator', opened.body.id), 200);
  const foreign = { kind: 'add', officeId: opened.body.id, name: 'x', roles: ['clerk'] };
  t.match(await ask(house.manager, 'POST', '/officer-changes', foreign), { status: 404 });
}
