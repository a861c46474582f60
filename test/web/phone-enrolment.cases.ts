import type { Test } from 'tap';

import { formatJalali } from '../../core/jalali.ts';
import type { Language } from '../../web/i18n/language.ts';
import { FORMATS } from '../../web/i18n/format.ts';
import { press, sees } from '../support/console-acts.ts';
import type { BrowserPhone } from '../support/phone-browser.ts';
import type { PhonePlace } from '../support/phone-place.ts';
import { PIN, textbox, typeActivation } from '../support/phone-place.ts';

/** From the QR code of the desk to a phone that waits for requests. */
export async function enrols(t: Test, language: Language, place: PhonePlace): Promise<void> {
  const activation = await place.activation();
  const { page, addresses } = await place.phone({ language });
  await page.goto('/phone');
  await sees(page, language, 'phone.welcome');
  await page.goto(activation.path);
  await sees(page, language, 'phone.enrol');
  t.equal(new URL(page.url()).hash, '', 'the secret stands in no address');

  await typeActivation(page, language, '00000000', '123456');
  await sees(page, language, 'phone.pin-weak');
  t.ok(await page.getByRole('button', { name: /./ }).nth(-2).isDisabled());
  await typeActivation(page, language, '00000000');
  await press(page, language, 'phone.enrol-action');
  await sees(page, language, 'phone-problem.activation-refused');
  await textbox(page, language, 'phone.sms-code').waitFor();
  t.pass('and may be tried again');

  // The page ends before the answer comes: the same key goes on.
  await page.goto('/phone');
  await sees(page, language, 'phone.enrol-interrupted');
  await page.goto(activation.path);
  await sees(page, language, 'phone.enrol-kept');
  await textbox(page, language, 'phone.sms-code').fill(activation.code);
  await press(page, language, 'phone.enrol-action');
  await sees(page, language, 'phone.sign-in');
  await textbox(page, language, 'phone.pin').fill(PIN);
  await press(page, language, 'phone.sign-in-action');
  await sees(page, language, 'phone.watching');

  await showsCertificate(t, language, page, activation.applicant);
  const secret = new URLSearchParams(activation.path.split('#')[1]).get('secret')!;
  t.notOk(addresses.join().includes(secret), 'nothing that was asked for names the secret');
  await keepsNothingReadable(t, page, [secret, activation.code, PIN]);
}

async function showsCertificate(
  t: Test,
  language: Language,
  page: BrowserPhone['page'],
  { givenName, surname }: { givenName: string; surname: string },
): Promise<void> {
  await page.getByText(`${givenName} ${surname}`).waitFor();
  await sees(page, language, 'phone.standing-good');
  const notAfter = await page.evaluate<string>(
    `(${readRecords})().then(({ standing }) => standing.notAfter)`,
  );
  const shown = FORMATS[language].day(notAfter);
  await page.getByText(shown, { exact: true }).waitFor();
  t.match(formatJalali(new Date(notAfter)), /^\d{4}/);
  t.match(shown, language === 'fa' ? /^[۰-۹]/ : /^\d/);
}

/** What lies in the browser: no secret as it is, and no key that a script could take away. */
async function keepsNothingReadable(t: Test, page: BrowserPhone['page'], secrets: string[]): Promise<void> {
  const stored = await page.evaluate<string>('JSON.stringify({ ...localStorage, ...sessionStorage })');
  t.strictSame(Object.keys(JSON.parse(stored) as object), ['mohr.language']);
  const records = await page.evaluate<{
    names: string[];
    text: string;
    extractable: boolean;
    exported: string;
  }>(`
    (async () => {
      const records = await (${readRecords})();
      const { deviceKey } = records.lock;
      const exported = await crypto.subtle.exportKey('raw', deviceKey).then(() => 'read', (error) => error.name);
      const bytes = (value) => value instanceof Uint8Array || value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value;
      return {
        names: Object.keys(records).sort(),
        text: JSON.stringify(records, (name, value) => bytes(value)),
        extractable: deviceKey.extractable,
        exported,
      };
    })()`);
  t.strictSame(records.names, ['credential', 'key', 'lock', 'login', 'standing']);
  t.notOk(records.extractable);
  t.equal(records.exported, 'InvalidAccessError');
  for (const secret of secrets) t.notOk(records.text.includes(secret));
}

/** Everything in the page's own database, as its scripts read it. */
export const readRecords = `() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('mohr-phone');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    const records = {};
    const reading = database.transaction('phone').objectStore('phone').openCursor();
    reading.onsuccess = () => {
      const cursor = reading.result;
      if (!cursor) { database.close(); return resolve(records); }
      records[cursor.key] = cursor.value;
      cursor.continue();
    };
  };
})`;
