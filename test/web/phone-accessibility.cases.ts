import type { Test } from 'tap';

import type { Language } from '../../web/i18n/language.ts';
import { focusIsOn, press, sees } from '../support/console-acts.ts';
import type { PhonePlace } from '../support/phone-place.ts';
import { PIN, ends, textbox, touchCode, typeActivation, typePin } from '../support/phone-place.ts';
import { fhirDocument, socialSecurityDocument } from '../support/prescriptions.ts';
import { check, fits } from './accessibility.cases.ts';

const WIDTH = 360;
/** WCAG 2.2, 2.5.8 asks for 24; fingers want this much. */
const TARGET_PIXELS = 44;

/** Every screen of the page, on a small phone: axe finds nothing, nothing sticks out, fingers find their targets. */
export async function isAccessible(t: Test, language: Language, place: PhonePlace): Promise<void> {
  const activation = await place.activation();
  const { page } = await place.phone({ language, bypassCSP: true });
  const look = async (name: string) => {
    await fits(t, page, `${language} ${name}`, WIDTH);
    await check(t, page, `${language} ${name}`);
    const small = await page.evaluate<string[]>(`[...document.querySelectorAll('main button, main input')]
      .filter((one) => one.checkVisibility() && !['checkbox', 'radio'].includes(one.type) && one.closest('.mantine-PasswordInput-section') === null)
      .filter((one) => one.getBoundingClientRect().height < ${TARGET_PIXELS})
      .map((one) => one.outerHTML)`);
    t.strictSame(small, [], `${language} ${name}: fingers find everything`);
  };
  await page.goto('/phone');
  await sees(page, language, 'phone.welcome');
  await textbox(page, language, 'phone.link').fill('https://example.org');
  await press(page, language, 'phone.link-open');
  await sees(page, language, 'phone-problem.link-malformed');
  await look('welcome');
  await page.goto(activation.path);
  await typeActivation(page, language, activation.code, '123456');
  await look('enrolment');
  await typeActivation(page, language, activation.code);
  await press(page, language, 'phone.enrol-action');
  await sees(page, language, 'phone.watching');
  await sees(page, language, 'phone.standing-good');
  await press(page, language, 'phone.block-open');
  await look('home');
  const code = await place.ask(activation, { documents: [fhirDocument(), socialSecurityDocument()] });
  await sees(page, language, 'phone.code-title');
  await look('request');
  await touchCode(page, language, code);
  await typePin(page, language, '111222');
  await page.getByRole('alert').waitFor();
  await look('PIN');
  await typePin(page, language, PIN);
  await ends(page, language, 'SIGNED');
  await focusIsOn(page, 'H1');
  t.pass('who listens hears how it ended');
  await look('outcome');
  t.equal(await page.evaluate('document.documentElement.dir'), language === 'fa' ? 'rtl' : 'ltr');
}
