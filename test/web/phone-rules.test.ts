import t from 'tap';

import { ConnectionError, ProblemError } from '../../web/client/problem.ts';
import { CATALOGUES } from '../../web/i18n/catalogue.ts';
import { fromPem, toPem } from '../../web/phone/keys/octets.ts';
import { PhoneError } from '../../web/phone/keys/phone-error.ts';
import { secondsToAnswer } from '../../web/phone/request/seconds-to-answer.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { readRequest } from '../../web/phone/tasks/read-request.ts';
import { readLink } from '../../web/phone/tasks/read-link.ts';
import { phoneFailure } from '../../web/phone/tasks/phone-failure.ts';
import { phoneStanding } from '../../web/phone/tasks/phone-standing.ts';
import { faultOfPin } from '../../web/phone/tasks/pin-rules.ts';
import { SigningError } from '../../signing/signing-error.ts';

const ID = '01a219cd-bfc2-7683-a963-df2284f37341';
const SECRET = 'A'.repeat(43);

t.test('a link of the desk or of a clinic is read, and nothing else', (t) => {
  const activation = { kind: 'activation', applicationId: ID, deskSecret: 'K7Q2-M4XD' };
  t.strictSame(readLink(`https://mohr.test/phone#application=${ID}&secret=K7Q2-M4XD`), activation);
  t.strictSame(readLink(`#application=${ID}&secret=K7Q2-M4XD`), activation);
  t.strictSame(readLink(`#pair=${SECRET}`), { kind: 'pairing', secret: SECRET });
  for (const text of [
    '',
    'https://mohr.test/phone',
    `application=${ID}&secret=x`,
    '#',
    `#application=${ID}`,
    '#application=1&secret=x',
    `#application=${ID}&secret=${'x'.repeat(65)}`,
    '#pair=short',
    `#pair=${SECRET}A`,
  ])
    t.equal(readLink(text), undefined, text);
  t.end();
});

t.test('a request that this page does not know is refused, and says so', async (t) => {
  const certificate = Buffer.from('a certificate');
  const certificateSha256 = digest('sha256', certificate).toString('hex');
  const asked = {
    id: ID,
    displayedName: 'HIS',
    patientView: 'masked' as const,
    expiresAt: '2026-11-26T08:00:00.000Z',
    algorithm: 'ES256',
    chain: [certificate.toString('base64')],
    documents: [{ title: 'Letter', sha256: '00'.repeat(32), displayText: 'A letter' }],
  };
  const read = (format: string) => readRequest({ ...asked, format }, certificateSha256);
  t.equal((await read('cades')).shown.length, 1);
  // A digest that a relying party has made: a browser's key hashes what it signs, and cannot.
  const raw = read('raw');
  await t.rejects(raw, { code: 'request-differs' });
  for (const texts of Object.values(CATALOGUES)) t.match(texts['phone-problem.request-differs'], /\S/);
});

t.test('a PIN that everybody guesses is none', (t) => {
  for (const pin of ['482915', '19283746', '000129']) t.equal(faultOfPin(pin), undefined, pin);
  for (const pin of ['', '12345']) t.equal(faultOfPin(pin), 'phone.pin-short', pin);
  for (const pin of ['111111', '121212', '123456', '987654', '890123', '024680', '1111112'])
    t.equal(faultOfPin(pin), 'phone.pin-weak', pin);
  t.end();
});

t.test('time is counted between two times of the service', (t) => {
  const at = (expiresAt: string, signingTime: string) => secondsToAnswer({ expiresAt }, { signingTime });
  t.equal(at('2026-11-26T08:03:00.000Z', '2026-11-26T08:00:40.000Z'), 140);
  t.equal(at('2026-11-26T09:00:00.000Z', '2026-11-26T08:00:00.000Z'), 180, 'never more than a request lives');
  t.equal(at('2026-11-26T08:00:00.000Z', '2026-11-26T08:00:05.000Z'), 1);
  t.end();
});

t.test('what the service says of a certificate comes before the clock of the phone', (t) => {
  const now = new Date('2026-11-26T12:00:00Z');
  const [before, after] = ['2026-11-26T11:59:59Z', '2026-11-26T12:00:00Z'];
  t.equal(phoneStanding({ kind: 'good' }, after, now), 'good');
  t.equal(phoneStanding({ kind: 'good' }, before, now), 'expired');
  t.equal(phoneStanding({ kind: 'revoked', reason: 'certificateHold' }, before, now), 'on-hold');
  t.equal(phoneStanding({ kind: 'revoked', reason: 'superseded' }, after, now), 'revoked');
  t.equal(phoneStanding(undefined, after, now), 'unknown');
  t.end();
});

/** What operations of a phone answer, beside what any operation may. */
const ANSWERS: [status: number, code: string][] = [
  [403, 'activation-refused'],
  [409, 'holder-has-certificate'],
  [409, 'licence-not-active'],
  [409, 'register-unavailable'],
  [422, 'register-no-match'],
  [409, 'contact-missing'],
  [409, 'key-reused'],
  [409, 'key-in-use'],
  [409, 'renewal-too-early'],
  [409, 'in-person-needed'],
  [403, 'renewal-signature-wrong'],
  [401, 'device-not-accepted'],
  [401, 'device-token-invalid'],
  [409, 'credential-not-valid'],
  [409, 'credential-blocked'],
  [409, 'display-differs'],
  [409, 'code-not-confirmed'],
  [409, 'device-signature-wrong'],
  [409, 'signature-replayed'],
  [403, 'self-service-refused'],
  [400, 'secret-missing'],
  [404, 'pairing-unknown'],
  [409, 'pairing-used'],
  [409, 'pairing-expired'],
  [403, 'pairing-for-another'],
  [409, 'session-open'],
  [422, 'push-subscription-malformed'],
  [429, 'too-many-requests'],
];

t.test('each refusal has words of its own for the holder, in both languages', (t) => {
  for (const [status, code] of ANSWERS) {
    const { key } = phoneFailure(new ProblemError(status, code, ''));
    t.equal(key, `phone-problem.${code}`);
    t.not(CATALOGUES.fa[key], CATALOGUES.en[key]);
  }
  t.equal(phoneFailure(new ProblemError(503, 'key-busy', '')).key, 'phone-problem.status-503');
  t.match(phoneFailure(new ProblemError(418, 'teapot', '')), {
    key: 'phone-problem.unexpected',
    code: 'teapot',
  });
  t.equal(phoneFailure(new ConnectionError(undefined)).key, 'phone-problem.connection');
  t.match(phoneFailure(new PhoneError('pin-wrong', { triesLeft: 2 })), {
    key: 'phone-problem.pin-wrong',
    triesLeft: 2,
  });
  t.equal(phoneFailure(new SigningError('document-unreadable', '')).key, 'phone-problem.document-unreadable');
  t.match(phoneFailure(new TypeError('x')), { key: 'phone-problem.unexpected', code: 'page' });
  t.end();
});

t.test('PEM has lines of 64, and is read back', (t) => {
  const octets = Uint8Array.from({ length: 200 }, (_, index) => index);
  const pem = toPem('CERTIFICATE REQUEST', octets);
  t.ok(pem.split('\n').every((line) => line.length <= 64));
  t.match(pem, /^-----BEGIN CERTIFICATE REQUEST-----\n/);
  t.strictSame(fromPem(pem), octets);
  t.end();
});
