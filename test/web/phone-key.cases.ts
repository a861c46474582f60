import type { Test } from 'tap';

import type { Language } from '../../web/i18n/language.ts';
import { press, sees, word } from '../support/console-acts.ts';
import type { PhonePlace } from '../support/phone-place.ts';
import { PIN, ends, textbox, touchCode, typePin } from '../support/phone-place.ts';
import { until } from '../support/page-until.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { readRecords } from './phone-enrolment.cases.ts';
import { prescriptionOf, validate } from './phone-signing.cases.ts';

const WRONG = '111222';

/** Five wrong PINs in a row, over a reload and a page that is ended in the middle: then there is no key. */
export async function locksPin(t: Test, language: Language, place: PhonePlace): Promise<void> {
  const phone = await place.enrolled({ language });
  const { page } = phone;
  const left = (count: number) => tellsTriesLeft(page, language, count);
  const code = await place.ask(phone, { documents: [fhirDocument()] });
  await touchCode(page, language, code);
  await typePin(page, language, WRONG);
  await left(4);
  await page.reload();
  await touchCode(page, language, code);
  await typePin(page, language, WRONG);
  await left(3);
  t.equal(await failures(page), 2, 'a reload forgives nothing');
  // Ended between the count and the trial: a try is used up by being begun.
  await page.evaluate(`crypto.subtle.deriveBits = () => new Promise(() => undefined)`);
  await typePin(page, language, PIN);
  await until(page, `(${readRecords})().then(({ lock }) => lock.failures === 3)`);
  await page.reload();
  await touchCode(page, language, code);
  await typePin(page, language, WRONG);
  await left(1);
  await typePin(page, language, WRONG);
  await ends(page, language, 'PIN_BLOCKED');
  await place.clinicSees('PIN_BLOCKED');
  t.strictSame(await names(page), ['credential', 'standing'], 'the key is gone');
  await press(page, language, 'phone.done');
  await sees(page, language, 'phone.key-gone');
  await page.reload();
  await sees(page, language, 'phone.key-gone-text');
}

/** A right PIN forgives the wrong ones before it. */
export async function forgivesTries(t: Test, place: PhonePlace): Promise<void> {
  const phone = await place.enrolled({ language: 'en' });
  const { page } = phone;
  for (const wrong of [[4, 3, 2, 1], [4]]) {
    const code = await place.ask(phone, { documents: [fhirDocument()] });
    await touchCode(page, 'en', code);
    for (const tries of wrong) {
      await typePin(page, 'en', WRONG);
      await tellsTriesLeft(page, 'en', tries);
    }
    await typePin(page, 'en');
    await ends(page, 'en', 'SIGNED');
    t.equal(await failures(page), 0);
    await press(page, 'en', 'phone.done');
  }
}

/** With the phone's own authenticator there is no PIN to guess, and nothing in the browser opens the key. */
export async function signsByRecognition(t: Test, place: PhonePlace): Promise<void> {
  const activation = await place.activation();
  const phone = await place.phone({ language: 'en', recognises: true });
  const { page, devtools } = phone;
  await page.goto(activation.path);
  await page.getByRole('radio', { name: word('en', 'phone.lock-passkey') }).check();
  await textbox(page, 'en', 'phone.sms-code').fill(activation.code);
  await press(page, 'en', 'phone.enrol-action');
  await sees(page, 'en', 'phone.watching');
  const kind = await page.evaluate(
    `(${readRecords})().then(({ lock }) => [lock.kind, Object.keys(lock).length])`,
  );
  t.strictSame(kind, ['passkey', 3], 'a credential id and a salt');
  const code = await place.ask(activation, { documents: [prescriptionOf(place, activation)] });
  await touchCode(page, 'en', code);
  const authenticators = await devtools.send('WebAuthn.getCredentials', {
    authenticatorId: phone.authenticatorId!,
  });
  t.equal(authenticators.credentials.length, 1);
  const sign = page.getByRole('button', { name: word('en', 'phone.sign', { count: '1' }) });
  // The holder dismisses what the phone asks.
  await page.evaluate(
    `navigator.credentials.get = (get => () => (navigator.credentials.get = get, Promise.reject(new DOMException('', 'NotAllowedError'))))(navigator.credentials.get.bind(navigator.credentials))`,
  );
  await sign.click();
  await sees(page, 'en', 'phone-problem.unlock-cancelled');
  await sign.click();
  await ends(page, 'en', 'SIGNED');
  await place.clinicSees('SIGNED');
  const signature = Buffer.from(place.clinic.last!.signatures![0], 'base64');
  t.match(await validate(place, signature), { indication: 'TOTAL-PASSED' });
}

function leftText(language: Language, count: number): string {
  const digits = language === 'fa' ? String.fromCharCode(0x06f0 + count) : String(count);
  return word(language, 'phone-problem.pin-wrong', { triesLeft: digits });
}

/** Whatever stands there instead is what went wrong. */
async function tellsTriesLeft(page: Page, language: Language, count: number): Promise<void> {
  try {
    await page.getByText(leftText(language, count)).waitFor();
  } catch (cause) {
    const shown = await page.locator('main').innerText();
    throw new Error(`${await failures(page)} failures, and on the screen: ${shown}`, { cause });
  }
}

type Page = Awaited<ReturnType<PhonePlace['phone']>>['page'];

function failures(page: Page): Promise<number> {
  return page.evaluate<number>(`(${readRecords})().then(({ lock }) => lock.failures)`);
}

function names(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(${readRecords})().then((records) => Object.keys(records).sort())`);
}
