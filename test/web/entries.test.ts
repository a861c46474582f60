import t from 'tap';

import { syntheticNationalId } from '../../core/national-id.ts';
import { FORMATS } from '../../web/i18n/format.ts';
import { EMPTY_DRAFT, isBlank, parseDraft } from '../../web/pages/file/application-draft.ts';
import { isCertificationRequest, requestOfFile } from '../../web/pages/file/certification-request-text.ts';
import { checkDraft, isApplicantComplete } from '../../web/pages/file/check-draft.ts';
import { nextPath } from '../../web/pages/sign-in/next-path.ts';
import { standingOf } from '../../web/parts/certificate-standing.ts';
import { niceMaximum } from '../../web/parts/nice-maximum.ts';
import { applicationBody } from '../support/applications.ts';

const { certificationRequest } = await applicationBody();

const COMPLETE = {
  ...EMPTY_DRAFT,
  nationalId: syntheticNationalId(7) as string,
  councilDigits: '1234',
  givenName: 'شیرین',
  surname: 'آزمایشی',
  latinName: 'Shirin Azmayeshi',
  profile: 'signing-phone',
  certificationRequest,
};

t.test('a complete application has no fault', (t) => {
  t.strictSame(checkDraft(COMPLETE), {});
  t.ok(isApplicantComplete(checkDraft(COMPLETE)));
  t.end();
});

const FAULTS: [name: string, override: Partial<typeof COMPLETE>, faults: object][] = [
  ['an empty field', { surname: ' ' }, { surname: 'file.required' }],
  ['a wrong check digit', { nationalId: '9990000000' }, { nationalId: 'problem.national-id-checksum' }],
  ['nine digits', { nationalId: '999000001' }, { nationalId: 'problem.national-id-malformed' }],
  [
    'a council number of seven digits',
    { councilDigits: '1234567' },
    { councilDigits: 'problem.council-number-malformed' },
  ],
  ['a Latin given name', { givenName: 'Shirin' }, { givenName: 'problem.name-not-persian' }],
  ['a Persian Latin name', { latinName: 'شیرین' }, { latinName: 'problem.latin-name-malformed' }],
  ['a short mobile number', { mobile: '0912' }, { mobile: 'file.mobile-malformed' }],
  [
    'a certificate for a request',
    { certificationRequest: 'BEGIN' },
    { certificationRequest: 'file.request-bad' },
  ],
];

for (const [name, override, faults] of FAULTS) {
  t.test(`the form tells of ${name}`, (t) => {
    t.strictSame(checkDraft({ ...COMPLETE, ...override }), faults);
    t.end();
  });
}

t.test('the registers are asked of a complete applicant only', (t) => {
  t.notOk(isApplicantComplete(checkDraft({ ...COMPLETE, surname: '' })));
  t.ok(isApplicantComplete(checkDraft({ ...COMPLETE, certificationRequest: '' })), 'the key does not matter');
  t.notOk(isApplicantComplete(checkDraft({ ...COMPLETE, mobile: '0912' })));
  t.end();
});

t.test('a request is taken as PEM and as DER', (t) => {
  t.ok(isCertificationRequest(certificationRequest));
  const der = Buffer.from(certificationRequest.replace(/-----.*-----|\s/g, ''), 'base64');
  t.equal(requestOfFile(der).trim(), certificationRequest.trim());
  t.equal(requestOfFile(Buffer.from(certificationRequest)), certificationRequest);
  t.notOk(isCertificationRequest(certificationRequest.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')));
  t.notOk(isCertificationRequest(certificationRequest.replace('\nM', '\n!')));
  t.end();
});

t.test('what was kept on a computer is read with care', (t) => {
  t.strictSame(parseDraft(JSON.stringify({ ...COMPLETE, extra: 'x', mobile: 3 })), {
    ...COMPLETE,
    mobile: '',
  });
  for (const text of [null, '', 'null', '{', '"text"', '7'])
    t.equal(parseDraft(text), undefined, String(text));
  t.ok(isBlank({ ...EMPTY_DRAFT, profile: 'signing-card' }), 'what was not typed does not count');
  t.notOk(isBlank({ ...EMPTY_DRAFT, mobile: '0' }));
  t.end();
});

t.test('days are Jalali in Persian and Gregorian in English, both of Tehran', (t) => {
  // 20:30 UTC is midnight in Tehran: the last second of a year and the first of the next.
  t.equal(FORMATS.fa.day('2026-03-20T20:29:59Z'), '۲۹ اسفند ۱۴۰۴');
  t.equal(FORMATS.fa.instant('2026-03-20T20:30:00Z'), '۱ فروردین ۱۴۰۵، ۰۰:۰۰');
  t.equal(FORMATS.en.instant('2026-03-20T20:30:00Z'), '21 March 2026, 00:00');
  // Summer time until 2022.
  t.equal(FORMATS.fa.time('2020-07-01T12:00:00Z'), '۱۶:۳۰');
  t.equal(FORMATS.fa.time('2026-07-01T12:00:00Z'), '۱۵:۳۰');
  t.equal(FORMATS.fa.number(12345.5), '۱۲٬۳۴۵٫۵');
  t.equal(FORMATS.fa.digits('09AB'), '۰۹AB');
  t.end();
});

t.test('after signing in nobody is led to another site', (t) => {
  t.equal(nextPath('?next=%2Fcertificates%3Ftext%3Dx'), '/certificates?text=x');
  for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', ''])
    t.equal(nextPath(`?next=${encodeURIComponent(next)}`), '/', next);
  t.equal(nextPath(''), '/');
  t.end();
});

t.test('a certificate stands as its status and its end say', (t) => {
  const now = new Date('2026-11-26T12:00:00Z');
  const of = (status: Parameters<typeof standingOf>[0]['status'], notAfter = '2027-01-01T00:00:00Z') =>
    standingOf({ status, notAfter }, now);
  t.equal(of({ kind: 'good' }), 'valid');
  t.equal(of({ kind: 'good' }, '2026-11-26T11:59:59Z'), 'expired');
  t.equal(of({ kind: 'good' }, '2026-11-26T12:00:00Z'), 'valid');
  t.equal(of({ kind: 'revoked', reason: 'certificateHold' }), 'on-hold');
  t.equal(of({ kind: 'revoked', reason: 'keyCompromise' }, '2026-01-01T00:00:00Z'), 'revoked');
  t.end();
});

t.test('scales of pictures end in round numbers', (t) => {
  t.strictSame([1, 3, 6, 11, 41, 99].map(niceMaximum), [1, 4, 6, 20, 60, 100]);
  t.end();
});
