import t from 'tap';

import { LANGUAGES } from '../../web/i18n/language.ts';
import { PhonePlace } from '../support/phone-place.ts';
import { onOneService } from '../support/test-service.ts';
import { renews } from './phone-certificate.cases.ts';
import { enrols } from './phone-enrolment.cases.ts';
import { refuses, signsMany, signsPdf, signsPrescription } from './phone-signing.cases.ts';

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
    await t.test(`a PDF is opened, and signed within itself (${language})`, (t) =>
      signsPdf(t, language, place, phone),
    );
    if (language === 'en')
      await t.test('twenty documents, JAdES and a hash are signed', (t) => signsMany(t, place, phone));
  }
  // Last: it moves the clock by most of a year.
  await t.test('a certificate is renewed in its last ninety days', (t) => renews(t, 'fa', place));
  await t.test('no page breaks its policy, asks another origin for anything, or fails', async (t) => {
    t.strictSame(place.faults(), []);
  });
});
