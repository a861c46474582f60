import t from 'tap';

import { LANGUAGES } from '../../web/i18n/language.ts';
import { PhonePlace } from '../support/phone-place.ts';
import { onOneService } from '../support/test-service.ts';
import { isAccessible } from './phone-accessibility.cases.ts';
import { showsStanding, startsOffline } from './phone-certificate.cases.ts';
import { forgivesTries, locksPin, signsByRecognition } from './phone-key.cases.ts';

// What becomes of a phone besides signing: wrong PINs, no connection, a loss.
await onOneService(t, async (t, service) => {
  const place = await PhonePlace.open(t, service);
  await t.test('the fifth wrong PIN ends the key and the request', (t) => locksPin(t, 'fa', place));
  await t.test('a right PIN forgives the wrong ones', (t) => forgivesTries(t, place));
  await t.test('a phone that recognises its holder needs no PIN', (t) => signsByRecognition(t, place));
  await t.test('the page starts without a connection', (t) => startsOffline(t, 'en', place));
  await t.test('the standing is shown, and the holder blocks the key', (t) => showsStanding(t, 'fa', place));
  for (const language of LANGUAGES)
    await t.test(`axe finds no violation of WCAG 2.2 AA, and fingers find everything (${language})`, (t) =>
      isAccessible(t, language, place),
    );
  await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
    t.strictSame(place.faults(), []);
  });
});
