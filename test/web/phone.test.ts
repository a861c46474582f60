import t from 'tap';

import { LANGUAGES } from '../../web/i18n/language.ts';
import { PhonePlace } from '../support/phone-place.ts';
import { onOneService } from '../support/test-service.ts';
import { enrols } from './phone-enrolment.cases.ts';
import { isAccessible } from './phone-accessibility.cases.ts';
import { renews, showsStanding, startsOffline } from './phone-certificate.cases.ts';
import { forgivesTries, locksPin, signsByRecognition } from './phone-key.cases.ts';
import { isTold, pairs } from './phone-push.cases.ts';
import { refuses, signsMany, signsPrescription } from './phone-signing.cases.ts';

// A clinic and phones in browsers of their own, and a service between them.
await onOneService(t, async (t, service) => {
  const place = await PhonePlace.open(t, service);
  for (const language of LANGUAGES) {
    await t.test(`a phone is enrolled by QR code, message and PIN (${language})`, (t) =>
      enrols(t, language, place),
    );
    const phone = await place.enrolled({ language });
    await t.test(`a prescription is read, confirmed and signed (${language})`, (t) =>
      signsPrescription(t, language, place, phone),
    );
    await t.test(`a holder refuses, picks a wrong code, or comes too late (${language})`, (t) =>
      refuses(t, language, place, phone),
    );
    await t.test(`the fifth wrong PIN ends the key and the request (${language})`, (t) =>
      locksPin(t, language, place),
    );
    await t.test(`the page starts without a connection (${language})`, (t) =>
      startsOffline(t, language, place),
    );
    await t.test(`the standing is shown, and the holder blocks the key (${language})`, (t) =>
      showsStanding(t, language, place),
    );
    await t.test(`axe finds no violation of WCAG 2.2 AA, and fingers find everything (${language})`, (t) =>
      isAccessible(t, language, place),
    );
    if (language === 'en')
      await t.test('twenty documents, JAdES and a hash are signed', (t) => signsMany(t, place, phone));
  }
  await t.test('a right PIN forgives the wrong ones', (t) => forgivesTries(t, place));
  await t.test('a phone that recognises its holder needs no PIN', (t) => signsByRecognition(t, place));
  await t.test('a push is shown, and names nobody', (t) => isTold(t, place));
  await t.test("a code of the clinic's screen is read by the phone that is there", (t) => pairs(t, place));
  // Last: it moves the clock by most of a year.
  await t.test('a certificate is renewed in its last ninety days', (t) => renews(t, 'fa', place));
  await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
    t.strictSame(
      place.phones.flatMap(({ faults }) => faults),
      [],
    );
    t.strictSame(place.clinicDesk.faults, []);
  });
});
