import type { Test } from 'tap';

import type { Language } from '../../web/i18n/language.ts';
import { persianDigits, press, sees, word } from '../support/console-acts.ts';
import type { PhonePlace } from '../support/phone-place.ts';
import { ends, touchCode, typePin } from '../support/phone-place.ts';
import { until } from '../support/page-until.ts';
import { fhirDocument } from '../support/prescriptions.ts';
import { readRecords } from './phone-enrolment.cases.ts';
import { prescriptionOf, validate } from './phone-signing.cases.ts';

const DAY_SECONDS = 24 * 3600;

/** In the last ninety days, with a PIN: a new key, and the old certificate is revoked. An answer that is lost on the way loses nothing. */
export async function renews(t: Test, language: Language, place: PhonePlace): Promise<void> {
  const { clock } = place.service;
  const phone = await place.enrolled({ language });
  const { page } = phone;
  const renew = page.getByRole('button', { name: word(language, 'phone.renew'), exact: true });
  t.equal(await renew.count(), 0, 'not before its time');
  clock.advanceSeconds(290 * DAY_SECONDS);
  await place.clinic.signInAgain();
  await page.clock.setFixedTime(clock.now());
  await page.reload();
  const certificate = page.getByRole('region', { name: word(language, 'phone.certificate') });
  const old = await credential(page);
  await renew.click();
  // The certificate is issued, and its acceptance does not get through.
  await page.route('**/acceptance', (route) => route.abort());
  await typePin(certificate, language);
  await sees(page, language, 'phone-problem.connection');
  t.equal(await credential(page), old, 'the old one is used until the new one is accepted');
  await page.unroute('**/acceptance');
  await page.reload();
  await renew.click();
  await typePin(certificate, language);
  await renew.waitFor({ state: 'detached' });
  await sees(page, language, 'phone.watching');
  const renewed = await credential(page);
  t.not(renewed, old);
  const standing = await (await fetch(`${place.origin}/api/v1/enrolments/certificates/${old}`)).json();
  t.match(standing, { status: { kind: 'revoked', reason: 'superseded' } });
  await page.clock.setFixedTime(clock.now());

  const code = await place.ask(phone, { documents: [prescriptionOf(place, phone)] });
  await touchCode(page, language, code);
  await typePin(page, language);
  await ends(page, language, 'SIGNED');
  await place.clinicSees('SIGNED');
  const signature = Buffer.from(place.clinic.last!.signatures![0], 'base64');
  t.match(await validate(place, signature), { indication: 'TOTAL-PASSED' }, 'the new key signs');
}

/** On hold and good again, as the office has it; then blocked by the holder. */
export async function showsStanding(t: Test, language: Language, place: PhonePlace): Promise<void> {
  const phone = await place.enrolled({ language });
  const { page } = phone;
  await sees(page, language, 'phone.standing-good');
  await press(page, language, 'phone.block-open');
  await press(page, language, 'block.send-code');
  await sees(page, language, 'block.code-sent');
  const code = page.getByRole('textbox', { name: word(language, 'block.code') });
  await code.fill('000000');
  await press(page, language, 'block.action');
  await sees(page, language, 'phone-problem.self-service-refused');
  await place.desk.send();
  await code.fill(persianDigits(/[0-9]{6}/.exec(place.desk.texts.at(-1)!)![0]));
  await press(page, language, 'block.action');
  await sees(page, language, 'block.done-title');
  await sees(page, language, 'phone.standing-on-hold');
  await sees(page, language, 'phone.on-hold-text');
  t.match(
    await place.service.house.services.directory.findByFingerprint(
      Buffer.from(await credential(page), 'hex'),
    ),
    {
      status: { reason: 'certificateHold' },
    },
  );
}

/** The page starts, shows what it knows, says that it is alone, and goes on when the connection is back. */
export async function startsOffline(t: Test, language: Language, place: PhonePlace): Promise<void> {
  const phone = await place.enrolled({ language });
  const { page, context } = phone;
  await until(page, 'navigator.serviceWorker.controller !== null');
  await until(page, `caches.open('mohr-phone').then((cache) => cache.match('/phone')).then(Boolean)`);
  const nonce = () => page.evaluate<string>(`document.querySelector('meta[property="csp-nonce"]').nonce`);
  await context.setOffline(true);
  await page.reload();
  await sees(page, language, 'phone.away');
  const first = await nonce();
  await page.getByText(phone.applicant.surname).waitFor();
  await sees(page, language, 'phone.offline');
  await page.reload();
  await sees(page, language, 'phone.away');
  t.not(await nonce(), first, 'a kept page has a nonce of its own at each start');
  await context.setOffline(false);
  await sees(page, language, 'phone.watching');
  const code = await place.ask(phone, { documents: [fhirDocument()] });
  await touchCode(page, language, code);
  await typePin(page, language);
  await ends(page, language, 'SIGNED');
}

type Page = Awaited<ReturnType<PhonePlace['phone']>>['page'];

function credential(page: Page): Promise<string> {
  return page.evaluate<string>(`(${readRecords})().then(({ credential }) => credential.sha256)`);
}
