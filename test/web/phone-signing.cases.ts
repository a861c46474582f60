import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compactVerify, importX509 } from 'jose';
import type { Test } from 'tap';

import { canonicalJson } from '../../core/canonical-json.ts';
import { encodePem } from '../../pki/pem.ts';
import { displayDocument } from '../../signing/display/display-document.ts';
import type { Language } from '../../web/i18n/language.ts';
import { press, sees, word } from '../support/console-acts.ts';
import type { PhonePlace } from '../support/phone-place.ts';
import { ends, touchCode, typePin } from '../support/phone-place.ts';
import type { Activation } from '../support/phone-place.ts';
import type { BrowserPhone } from '../support/phone-browser.ts';
import {
  fhirDocument,
  fhirXmlDocument,
  socialSecurityDocument,
  writtenBy,
} from '../support/prescriptions.ts';
import { pdfOf } from '../support/pdf-samples.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type EnrolledPhone = BrowserPhone & Activation;

/** Two screens: the clinic asks, the phone shows every value, the codes agree, the PIN signs. */
export async function signsPrescription(
  t: Test,
  language: Language,
  place: PhonePlace,
  phone: EnrolledPhone,
): Promise<void> {
  const { page } = phone;
  const document = prescriptionOf(place, phone);
  const code = await place.ask(phone, { documents: [document] });
  await page.getByText('بیمارستان نمونه').waitFor();
  await page.locator('article dd').first().waitFor();
  const content = Buffer.from(document.content, 'base64');
  const { lines } = displayDocument(
    { title: document.title, mediaType: 'application/fhir+json', content },
    'masked',
  );
  const shown = await page.locator('article dd').allInnerTexts();
  t.strictSame(
    shown.map(plain),
    lines.map(({ text }) => plain(text)),
    'every value is on the screen',
  );
  const labels = await page.locator('article dt').allInnerTexts();
  t.strictSame(
    labels,
    lines.map(({ label }) => word(language, `display.${label}`)),
  );
  await touchCode(page, language, code);
  await sees(page, language, 'phone.sign-title');
  await typePin(page, language);
  await ends(page, language, 'SIGNED');
  await place.clinicSees('SIGNED');
  const signature = Buffer.from(place.clinic.last!.signatures![0], 'base64');
  t.ok(opensslVerify(t, place, signature).equals(content), 'OpenSSL verifies it, and finds what was sent');
  t.match(await validate(place, signature), { indication: 'TOTAL-PASSED' });
  await press(page, language, 'phone.done');
  await sees(page, language, 'phone.watching');
}

/** Twenty are listed and signed with one PIN; JAdES too. */
export async function signsMany(t: Test, place: PhonePlace, phone: EnrolledPhone): Promise<void> {
  const { page } = phone;
  const documents = Array.from({ length: 20 }, (_, index) => ({
    ...[fhirDocument(), fhirXmlDocument(), socialSecurityDocument()][index % 3],
    title: `نسخه ${index}`,
  }));
  const code = await place.ask(phone, { documents });
  await page.locator('article').nth(19).waitFor();
  t.equal(await page.locator('article').count(), 20, 'each is listed');
  await touchCode(page, 'en', code);
  await typePin(page, 'en');
  await ends(page, 'en', 'SIGNED');
  await place.clinicSees('SIGNED');
  const { signatures } = place.clinic.last!;
  t.equal(new Set(signatures).size, 20);
  for (const at of [0, 1, 19]) opensslVerify(t, place, Buffer.from(signatures![at], 'base64'));
  await press(page, 'en', 'phone.done');

  const [prescription] = [socialSecurityDocument()];
  const next = await place.ask(phone, { format: 'jades', documents: [prescription] });
  await touchCode(page, 'en', next);
  await typePin(page, 'en');
  await ends(page, 'en', 'SIGNED');
  await place.clinicSees('SIGNED');
  const [jws] = place.clinic.last!.signatures!;
  const { x5c } = JSON.parse(Buffer.from(jws.split('.')[0], 'base64url').toString()) as { x5c: string[] };
  const key = await importX509(encodePem('CERTIFICATE', Buffer.from(x5c[0], 'base64')), 'ES256');
  const { payload } = await compactVerify(jws, key, { crit: { sigT: true } });
  const sent = JSON.parse(Buffer.from(prescription.content, 'base64').toString()) as object;
  t.equal(Buffer.from(payload).toString(), canonicalJson(sent));
  await press(page, 'en', 'phone.done');

  const pdf = Buffer.from('%PDF-1.4 a letter that stays with the clinic');
  const sha256 = createHash('sha256').update(pdf).digest('hex');
  const last = await place.ask(phone, {
    documents: [{ title: 'Letter', sha256, displayText: 'A letter of referral' }],
  });
  await page.getByText('A letter of referral').waitFor();
  await sees(page, 'en', 'phone.hash-words');
  t.equal(await page.locator('article code').innerText(), sha256, 'the fingerprint of what is signed');
  t.equal(
    await page.getByRole('button', { name: word('en', 'phone.open-pdf') }).count(),
    0,
    'nothing to open',
  );
  await touchCode(page, 'en', last);
  await typePin(page, 'en');
  await ends(page, 'en', 'SIGNED');
  await place.clinicSees('SIGNED');
  opensslVerify(t, place, Buffer.from(place.clinic.last!.signatures![0], 'base64'), pdf);
  await press(page, 'en', 'phone.done');
}

/** A PDF: the words of who asks, its fingerprint, the document itself to be opened, and a signature within it. */
export async function signsPdf(
  t: Test,
  language: Language,
  place: PhonePlace,
  phone: EnrolledPhone,
): Promise<void> {
  const { page } = phone;
  const pdf = pdfOf();
  const code = await place.ask(phone, {
    format: 'pades',
    documents: [
      {
        title: 'Referral',
        mediaType: 'application/pdf',
        content: pdf.toString('base64'),
        displayText: 'A letter of referral, one page',
      },
    ],
  });
  await page.getByText('A letter of referral, one page').waitFor();
  await sees(page, language, 'phone.pdf-words');
  const fingerprint = await page.locator('article code').innerText();
  t.match(fingerprint, /^[0-9a-f]{64}$/);
  const download = page.waitForEvent('download');
  await press(page, language, 'phone.open-pdf');
  const opened = await download;
  t.equal(opened.suggestedFilename(), 'Referral.pdf');
  const shown = readFileSync(await opened.path());
  t.ok(
    shown.subarray(0, pdf.length).equals(pdf),
    'what is opened is what was sent, and a place for the signature',
  );
  await touchCode(page, language, code);
  await typePin(page, language);
  await ends(page, language, 'SIGNED');
  await place.clinicSees('SIGNED');
  const signed = Buffer.from(place.clinic.last!.signatures![0], 'base64');
  t.ok(signed.subarray(0, pdf.length).equals(pdf), 'the document comes first, untouched');
  t.equal(signed.length, shown.length, 'and the signature stands in its place');
  const [start, length, next, rest] = byteRange(signed);
  const covered = [signed.subarray(start, start + length), signed.subarray(next, next + rest)];
  const hash = createHash('sha256').update(Buffer.concat(covered)).digest('hex');
  t.equal(hash, fingerprint, 'the fingerprint on the screen is that of what is signed');
  t.equal(opensslVerifies(t, place, cmsIn(signed, [length, next]), Buffer.concat(covered)), true);
  t.match(await validate(place, signed), { indication: 'TOTAL-PASSED' });
  await press(page, language, 'phone.done');
}

function byteRange(pdf: Buffer): number[] {
  const found = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(pdf.toString('latin1'))!;
  return found.slice(1).map(Number);
}

/** What stands in `<…>` between the two parts, without the zeros behind it. */
function cmsIn(pdf: Buffer, [from, to]: [number, number]): Buffer {
  const octets = Buffer.from(pdf.subarray(from + 1, to - 1).toString('latin1'), 'hex');
  return octets.subarray(0, 4 + octets.readUInt16BE(2));
}

/** Whether OpenSSL verifies CMS over its content, up to the root. */
function opensslVerifies(t: Test, place: PhonePlace, cms: Buffer, content: Buffer): boolean {
  return opensslVerify(t, place, cms, content).equals(content);
}

/** A holder who says no, and one who touches another number. */
export async function refuses(
  t: Test,
  language: Language,
  place: PhonePlace,
  phone: EnrolledPhone,
): Promise<void> {
  const { page } = phone;
  await place.ask(phone, { documents: [fhirDocument()] });
  await press(page, language, 'phone.refuse');
  await ends(page, language, 'USER_REFUSED');
  await place.clinicSees('USER_REFUSED');
  await press(page, language, 'phone.done');

  const code = await place.ask(phone, { documents: [socialSecurityDocument()] });
  await sees(page, language, 'phone.code-title');
  const wrong = page.getByRole('button', { name: /^[0-9۰-۹]{4}$/ }).filter({
    hasNotText: language === 'fa' ? faDigits(code) : code,
  });
  await wrong.nth(1).waitFor();
  t.equal(await wrong.count(), 2);
  await wrong.first().click();
  await ends(page, language, 'WRONG_VC');
  await place.clinicSees('WRONG_VC');
  await press(page, language, 'phone.done');

  await place.ask(phone, { documents: [fhirDocument()] });
  await sees(page, language, 'phone.code-title');
  place.service.clock.advanceSeconds(181);
  await page
    .getByRole('button', { name: /^[0-9۰-۹]{4}$/ })
    .first()
    .click();
  await ends(page, language, 'OVER');
  await place.clinicSees('TIMEOUT');
  await press(page, language, 'phone.done');
}

/** One that passes the rules of the sector. */
export function prescriptionOf({ service }: PhonePlace, { applicant }: Pick<Activation, 'applicant'>) {
  return fhirDocument(writtenBy(applicant.councilNumber, service.clock.now()));
}

function opensslVerify(t: Test, { service }: PhonePlace, signature: Buffer, detached?: Buffer): Buffer {
  const folder = temporaryFolder(t);
  const root = service.house.services.authorities.find(({ issuerId }) => issuerId === undefined)!;
  writeFileSync(join(folder, 'signature.p7m'), signature);
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', root.certificate));
  if (detached) writeFileSync(join(folder, 'content.bin'), detached);
  const more = detached ? ['-content', 'content.bin', '-binary'] : [];
  const files = ['-in', 'signature.p7m', '-inform', 'DER', '-CAfile', 'root.pem', '-purpose', 'any'];
  const at = ['-attime', String(Math.ceil(service.clock.now().getTime() / 1000))];
  return runOpenssl(['cms', '-verify', ...files, ...at, '-cades', ...more], { cwd: folder });
}

/** By anybody, over HTTP, as of now. */
export async function validate(
  { origin, service }: PhonePlace,
  signature: Buffer,
): Promise<{ indication: string }> {
  const answer = await fetch(`${origin}/api/v1/validations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      signature: signature.toString('base64'),
      receivedAt: service.clock.now().toISOString(),
    }),
  });
  return (await answer.json()) as { indication: string };
}

/** Rendering may fold white space. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function faDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
}
