import t from 'tap';
import type { Test } from 'tap';

import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { CODE_SECONDS, CODES_MAX } from '../../ra/self-service/request-code.ts';
import { TRIES_MAX } from '../../ra/self-service/prove-holder.ts';
import { sendMessages } from '../../ra/messages/send-messages.ts';
import { expireHolds } from '../../ra/holds/expire-holds.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { onBothServices, onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const DAY = 24 * 3600;
const PASSWORD = 'گل سرخ ۱۴۰۴';

t.test('holders block their own certificates', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: Desk) => Promise<void>) =>
      t.test(name, (t) => run(t, new Desk(service)));
    await part('with the password of the counter, at once in OCSP, for good after seven days', byPassword);
    await part('with a code by short message, once', byCode);
  });
  await onOneService(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: Desk) => Promise<void>) =>
      t.test(name, (t) => run(t, new Desk(service)));
    await part('for good at once when they say so', final);
    await part('a password is set with a code', ownPassword);
    await part('the answer is the same whoever it is', sameAnswer);
    await part('five wrong ones lock, for an hour, and are recorded', lockOut);
    await part('a code is short-lived, and few are sent', codes);
  });
});

let addresses = 0;

class Desk {
  readonly service: TestService;
  /** What was sent, newest last. */
  readonly texts: string[] = [];

  constructor(service: TestService) {
    this.service = service;
  }

  async ask(method: 'POST' | 'PUT', url: string, payload: object, cookie = '') {
    addresses += 1;
    const answer = await this.service.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { cookie },
      payload,
      // Attempts are counted by address.
      remoteAddress: `10.2.${addresses >> 8}.${addresses & 0xff}`,
    });
    const body = answer.body === '' ? {} : answer.json<{ code?: string; held?: number; revoked?: number }>();
    return { status: answer.statusCode, body };
  }

  block(claim: object) {
    return this.ask('POST', '/self-service/blocks', claim);
  }

  async doctor(): Promise<IssuedDoctor & { nationalId: string }> {
    const doctor = await issueDoctor(this.service);
    const { nationalId } = doctor.body.applicant;
    const cookie = await this.service.cookieOf('clerk');
    const mobile = await this.ask(
      'PUT',
      `/applications/${doctor.applicationId}/contact`,
      { mobile: '09990000001' },
      cookie,
    );
    if (mobile.status !== 200) throw new Error(JSON.stringify(mobile));
    return { ...doctor, nationalId };
  }

  async withPassword(): Promise<IssuedDoctor & { nationalId: string }> {
    const doctor = await this.doctor();
    const cookie = await this.service.cookieOf('clerk');
    const url = `/applications/${doctor.applicationId}/revocation-password`;
    const set = await this.ask('PUT', url, { password: PASSWORD }, cookie);
    if (set.status !== 204) throw new Error(JSON.stringify(set));
    return doctor;
  }

  /** The code of the newest message. */
  async code(nationalId: string, purpose: string): Promise<string> {
    const asked = await this.ask('POST', '/self-service/codes', { nationalId, purpose });
    if (asked.status !== 202) throw new Error(JSON.stringify(asked));
    await this.send();
    return /[0-9]{6}/.exec(this.texts.at(-1)!)![0];
  }

  async send(): Promise<number> {
    const { selfService } = this.service.house.services;
    const send = async ({ text }: { text: string }) => {
      this.texts.push(text);
      return 'taken' as const;
    };
    return sendMessages({
      ...selfService,
      messengers: { sms: { send }, email: { send } },
      onMessageFailure: (error) => {
        throw error;
      },
    });
  }

  async eventsOf({ certificate }: IssuedDoctor): Promise<string[]> {
    const history = await this.service.house.stores.directory.historyOf('bronze', certificate.serialNumber);
    return history.map(({ event, reason }) => (reason ? `${event} ${reason}` : event));
  }

  async recorded(action: string): Promise<number> {
    const [{ count }] = await this.service.house.stores.database.query<{ count: number }>({
      text: 'select count(*)::int as count from audit_event where action = $1',
      values: [action],
    });
    return count;
  }

  async ocsp({ certificate }: IssuedDoctor): Promise<string> {
    const { house, app } = this.service;
    const issuer = house.hierarchy.certificates.get('bronze')!;
    const payload = encodeOcspRequest([encodeCertId('sha256', issuer, certificate.serialNumber)]);
    const answer = await app.inject({
      method: 'POST',
      url: '/ocsp/bronze',
      headers: { 'content-type': 'application/ocsp-request' },
      payload,
    });
    const response = parseOcspResponse(answer.rawPayload);
    return response.status === 'successful' ? response.responses[0].status.kind : response.status;
  }
}

async function byPassword(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.withPassword();
  const { nationalId } = doctor;
  t.equal(await desk.ocsp(doctor), 'good');
  t.match(await desk.block({ nationalId, revocationPassword: PASSWORD, keyStore: 'card' }), {
    status: 200,
    body: { held: 0 },
  });
  t.strictSame(await desk.eventsOf(doctor), ['issued'], 'the card was not theirs to lose');
  t.match(
    await desk.block({
      nationalId,
      revocationPassword: 'گل سرخ 1404'.replace('1404', '۱۴۰۴'),
      keyStore: 'phone',
    }),
    { status: 200, body: { held: 1, revoked: 0 } },
  );
  t.equal(await desk.ocsp(doctor), 'revoked', 'the very next answer says so');
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold']);
  t.match(await desk.block({ nationalId, revocationPassword: PASSWORD }), { status: 200 }, 'twice is once');
  const cookie = await desk.service.cookieOf('clerk');
  const file = await desk.service.app.inject({ url: doctor.path, headers: { cookie } });
  t.match(
    file.json(),
    { holdCauses: [{ cause: 'lost', laidBy: 'holder' }] },
    'the office sees whose word it was',
  );
  desk.service.clock.advanceSeconds(7 * DAY);
  const { licence } = desk.service.house.services;
  t.ok((await expireHolds({ ...licence, onHoldFailure: (error) => t.fail(String(error)) })) >= 1);
  t.strictSame((await desk.eventsOf(doctor)).at(-1), 'revoked keyCompromise');
}

async function byCode(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.doctor();
  const { nationalId } = doctor;
  const code = await desk.code(nationalId, 'block');
  const outcomes = await Promise.all([1, 2, 3].map(() => desk.block({ nationalId, code })));
  t.strictSame(outcomes.map(({ status }) => status).sort(), [200, 403, 403], 'of three at once one gets in');
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold']);
  t.match(await desk.block({ nationalId, code }), { status: 403 }, 'and nobody after');
  const rows = await desk.service.house.stores.database.query<{ sealed: Buffer | null; state: string }>({
    text: `select sealed, state from message where kind = 'code-block' order by queued_at desc limit 1`,
  });
  t.strictSame(rows, [{ sealed: null, state: 'sent' }], 'what was sent is forgotten');
}

async function final(t: Test, desk: Desk): Promise<void> {
  const doctor = await desk.withPassword();
  const { nationalId } = doctor;
  t.match(await desk.block({ nationalId, revocationPassword: PASSWORD }), { body: { held: 1 } });
  t.match(await desk.block({ nationalId, revocationPassword: PASSWORD, final: true }), {
    status: 200,
    body: { held: 0, revoked: 1 },
  });
  t.strictSame(await desk.eventsOf(doctor), ['issued', 'held certificateHold', 'revoked keyCompromise']);
}

async function ownPassword(t: Test, desk: Desk): Promise<void> {
  const { nationalId, applicationId, body } = await desk.doctor();
  const { givenName, surname, latinName, councilNumber } = body.applicant;
  const weak = { nationalId, code: '000000', password: '11111111' };
  t.match(await desk.ask('PUT', '/self-service/revocation-password', weak), {
    status: 422,
    body: { code: 'password-weak' },
  });
  for (const password of [
    'password1',
    'P@ssw0rd1',
    'Iloveyou1',
    '۱۲۳۴۵۶۷۸',
    '١٢٣٤٥٦٧٨٩',
    '1234-5678',
    'QWERTYUIOP',
  ])
    t.match(
      await desk.ask('PUT', '/self-service/revocation-password', { ...weak, password }),
      { status: 422, body: { code: 'password-common' } },
      password,
    );
  const code = await desk.code(nationalId, 'set-password');
  const clerk = await desk.service.cookieOf('clerk');
  const counter = `/applications/${applicationId}/revocation-password`;
  const persian = (digits: string) =>
    digits.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
  for (const password of [
    `${nationalId}ab`,
    `ab${persian(nationalId)}`,
    `${givenName} ${surname}`,
    `${surname.replaceAll('ی', 'ي')}۱۲۳۴`,
    latinName.toUpperCase(),
    `${latinName.replaceAll(' ', '.')}99`,
    `${councilNumber.digits}-${councilNumber.digits}ab`,
    'Mohr-2026!',
    'رمز ابطال ۱۴۰۵',
  ]) {
    const refused = { status: 422, body: { code: 'password-personal' } };
    const asked = { nationalId, code, password };
    // More often than wrong secrets are taken: whoever has the code is not locked out by it.
    t.match(await desk.ask('PUT', '/self-service/revocation-password', asked), refused, password);
    t.match(await desk.ask('PUT', counter, { password }, clerk), refused, `${password}, at the counter`);
  }
  for (const password of [`${givenName} و هفت انار سرخ`, 'mohr is where 7 pomegranates fall'])
    t.match(await desk.ask('PUT', counter, { password }, clerk), { status: 204 }, password);
  t.match(await desk.block({ nationalId, code }), { status: 403 }, 'a code is for what it was asked for');
  t.match(
    await desk.ask('PUT', '/self-service/revocation-password', { nationalId, code, password: PASSWORD }),
    {
      status: 204,
    },
  );
  t.match(await desk.block({ nationalId, revocationPassword: PASSWORD }), { status: 200, body: { held: 1 } });
  const [row] = await desk.service.house.stores.database.query<{ text: string }>({
    text: 'select row_to_json(p)::text as text from revocation_password p limit 1',
  });
  t.notMatch(row.text, PASSWORD);
}

async function sameAnswer(t: Test, desk: Desk): Promise<void> {
  const { nationalId } = await desk.withPassword();
  const answers = [];
  for (const claimed of [nationalId, '9990000000', '9999999999', 'nobody'])
    answers.push(await desk.block({ nationalId: claimed, revocationPassword: 'not this one' }));
  const told = answers.map(({ status, body }) => ({ status, body: { ...body, requestId: undefined } }));
  for (const answer of told) t.strictSame(answer, told[0]);
  t.match(answers[0], { status: 403, body: { code: 'self-service-refused' } });
  const before = desk.texts.length;
  for (const claimed of ['9990000000', 'nobody'])
    t.strictSame(
      await desk.ask('POST', '/self-service/codes', { nationalId: claimed, purpose: 'block' }),
      { status: 202, body: { state: 'accepted' } as never },
      'as for a doctor',
    );
  await desk.send();
  t.equal(desk.texts.length, before, 'and nothing was sent');
  t.match(await desk.block({ nationalId }), { status: 400, body: { code: 'secret-missing' } });
}

async function lockOut(t: Test, desk: Desk): Promise<void> {
  const { nationalId } = await desk.withPassword();
  const [refused, locked] = [await desk.recorded('prove-holder'), await desk.recorded('lock-self-service')];
  const tries = Array.from({ length: TRIES_MAX + 3 }, () =>
    desk.block({ nationalId, revocationPassword: 'wrong one' }),
  );
  for (const { status } of await Promise.all(tries)) t.equal(status, 403);
  t.match(
    await desk.block({ nationalId, revocationPassword: PASSWORD }),
    { status: 403 },
    'the right one too',
  );
  t.equal((await desk.recorded('prove-holder')) - refused, TRIES_MAX);
  t.equal((await desk.recorded('lock-self-service')) - locked, 1);
  desk.service.clock.advanceSeconds(3600);
  t.match(await desk.block({ nationalId, revocationPassword: PASSWORD }), { status: 200 }, 'an hour later');
}

async function codes(t: Test, desk: Desk): Promise<void> {
  const { nationalId } = await desk.doctor();
  const old = await desk.code(nationalId, 'block');
  const newer = await desk.code(nationalId, 'block');
  if (old !== newer)
    t.match(await desk.block({ nationalId, code: old }), { status: 403 }, 'the newest one counts');
  desk.service.clock.advanceSeconds(CODE_SECONDS);
  t.match(await desk.block({ nationalId, code: newer }), { status: 403 }, 'ten minutes later');
  for (let more = 2; more < CODES_MAX; more += 1) await desk.code(nationalId, 'block');
  const before = desk.texts.length;
  await desk.ask('POST', '/self-service/codes', { nationalId, purpose: 'block' });
  await desk.send();
  t.equal(desk.texts.length, before, 'five a day');
}
