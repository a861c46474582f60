import fc from 'fast-check';
import t from 'tap';
import type { Test } from 'tap';

import { makeRegisterKeys, publicKeysOf } from '../../cli/registers/register-keys.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { JWS_TYPES, JwsVerifier, signDetachedJws } from '../../registers/detached-jws.ts';
import { agreeableRegisters } from '../support/agreeable-registers.ts';
import { mutatedBytes } from '../support/hostile-input.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { holderOf, licenceMessage } from '../support/licence-letters.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const keys = makeRegisterKeys();
const key = keys['medical-council'];
const licenceMessages = await JwsVerifier.of(publicKeysOf(keys), 'medical-council', JWS_TYPES.licenceMessage);

t.test('the webhook of the Medical Council', (t) =>
  onOneService(
    t,
    async (t, service) => {
      const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
        t.test(name, (t) => run(t, service));
      await part('a suspension shows in OCSP when it is answered', suspension);
      await part('what the Council has not signed, or long ago, stays out', signatures);
      await part('a message that cannot be read is refused and recorded', malformed);
      await part('each refusal has its status and code', refusals);
      await part('whatever is sent, nothing breaks', hostile);
    },
    { registers: { ...agreeableRegisters(), licenceMessages } },
  ),
);

/** Signs and sends; an override of undefined leaves the header out. */
async function send(
  service: TestService,
  body: object | Buffer,
  override: Record<string, string | undefined> = {},
) {
  const payload = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const signature = await signDetachedJws(payload, key, JWS_TYPES.licenceMessage, service.clock.now());
  const all = { 'content-type': 'application/json', 'x-jws-signature': signature, ...override };
  const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const answer = await service.app.inject({
    method: 'POST',
    url: '/api/v1/licence-events',
    headers,
    payload,
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function statusOf({ app, house }: TestService, { certificate }: IssuedDoctor): Promise<string> {
  const issuer = house.hierarchy.certificates.get('bronze')!;
  const payload = encodeOcspRequest([encodeCertId('sha256', issuer, certificate.serialNumber)]);
  const headers = { 'content-type': 'application/ocsp-request' };
  const answer = await app.inject({ method: 'POST', url: '/ocsp/bronze', headers, payload });
  const response = parseOcspResponse(answer.rawPayload);
  return response.status === 'successful' ? JSON.stringify(response.responses[0]) : response.status;
}

async function suspension(t: Test, service: TestService): Promise<void> {
  const doctor = await issueDoctor(service);
  const message = licenceMessage({ ...holderOf(doctor), orderNumber: 'ن‌پ ۱۴۰۵/۱۲'.replace('\u200c', ' ') });
  const answer = await send(service, message);
  t.match(answer, {
    status: 200,
    body: {
      messageId: message['messageId'],
      state: 'applied',
      event: 'suspended',
      sequence: 1,
      certificates: { held: 1, released: 0, revoked: 0, unchanged: 0 },
    },
  });
  t.match(await statusOf(service, doctor), /certificateHold/);
  t.strictSame(await send(service, message), answer, 'the same again, the same answer');
  const restored = licenceMessage({ ...holderOf(doctor), event: 'restored', sequence: 3 });
  t.match(await send(service, restored), { status: 202, body: { state: 'waiting', expectedSequence: 2 } });
  t.match(await statusOf(service, doctor), /certificateHold/, 'a release that is not due releases nothing');
}

async function signatures(t: Test, service: TestService): Promise<void> {
  const message = licenceMessage();
  const body = Buffer.from(JSON.stringify(message));
  const now = service.clock.now().getTime();
  const signedAt = (seconds: number) =>
    signDetachedJws(body, key, JWS_TYPES.licenceMessage, new Date(now + seconds * 1000));
  const cases: [name: string, signature: string | undefined, code: string][] = [
    ['none', undefined, 'message-signature-invalid'],
    ['empty', '', 'message-signature-invalid'],
    [
      'of an answer',
      await signDetachedJws(body, key, JWS_TYPES.answer, new Date(now)),
      'message-signature-invalid',
    ],
    [
      'of the civil registry',
      await signDetachedJws(body, keys['civil-registry'], JWS_TYPES.licenceMessage, new Date(now)),
      'message-signature-invalid',
    ],
    ['without a time', await signDetachedJws(body, key, JWS_TYPES.licenceMessage), 'message-signature-stale'],
    ['too old', await signedAt(-301), 'message-signature-stale'],
    ['from the future', await signedAt(302), 'message-signature-stale'],
  ];
  for (const [name, signature, code] of cases) {
    const answer = await send(service, body, { 'x-jws-signature': signature });
    t.match(answer, { status: 401, body: { code } }, name);
  }
  const tables = await service.house.stores.database.query({
    text: 'select 1 from licence_message where body = $1',
    values: [body],
  });
  t.equal(tables.length, 0, 'nothing is kept of it');
  t.match(
    await send(service, body, { 'x-jws-signature': await signedAt(-299) }),
    { status: 200 },
    'within five minutes',
  );
}

async function malformed(t: Test, service: TestService): Promise<void> {
  const good = licenceMessage();
  const wrong: [name: string, body: object | Buffer][] = [
    ['no JSON', Buffer.from('{')],
    ['no object', Buffer.from('[]')],
    ['not UTF-8', Buffer.from('ff', 'hex')],
    ['a member more', { ...good, release: true }],
    ['no id', { ...good, messageId: '' }],
    ['an id with a space', { ...good, messageId: 'a b' }],
    ['sequence 0', { ...good, sequence: 0 }],
    ['half a sequence', { ...good, sequence: 1.5 }],
    ['a sequence in words', { ...good, sequence: '1' }],
    ['an event that is none', { ...good, event: 'released' }],
    ['a wrong check digit', { ...good, nationalId: '9990000000' }],
    ['no council number', { ...good, councilNumber: '123456' }],
    ['an unknown group', { ...good, councilNumber: { group: 'wizard', digits: '1' } }],
    ['a NUL in the order', { ...good, orderNumber: 'a\u0000b' }],
    ['too long', { ...good, orderNumber: 'a'.repeat(65) }],
  ];
  const count = async () => {
    const [row] = await service.house.stores.database.query<{ n: number }>({
      text: `select count(*)::int as n from audit_event where refusal_code = 'licence-message-malformed'`,
    });
    return row.n;
  };
  const before = await count();
  for (const [name, body] of wrong)
    t.match(await send(service, body), { status: 400, body: { code: 'licence-message-malformed' } }, name);
  t.equal(await count(), before + wrong.length, 'each is recorded');
  t.match(await send(service, Buffer.alloc(9_000, ' ')), { status: 413 });
  t.match(await send(service, good, { 'content-type': 'text/plain' }), { status: 415 });
}

async function refusals(t: Test, service: TestService): Promise<void> {
  const message = licenceMessage();
  await send(service, message);
  const cases: [body: object, code: string][] = [
    [{ ...message, event: 'ended' }, 'message-id-reused'],
    [{ ...message, messageId: 'used' }, 'sequence-used'],
    [{ ...message, messageId: 'far', sequence: 500 }, 'sequence-too-far'],
    [{ ...licenceMessage(), councilNumber: message['councilNumber'], sequence: 2 }, 'holder-mismatch'],
  ];
  for (const [body, code] of cases) t.match(await send(service, body), { status: 409, body: { code } }, code);
}

async function hostile(_t: Test, service: TestService): Promise<void> {
  const good = Buffer.from(JSON.stringify(licenceMessage({ orderNumber: 'x 1' })));
  await fc.assert(
    fc.asyncProperty(mutatedBytes(good), async (bytes) => {
      const { status } = await send(service, bytes);
      if (![200, 202, 400, 409].includes(status)) throw new Error(String(status));
    }),
    { numRuns: 80 },
  );
}
