import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'country, names and common name': linted('signing'),
    'a surname alone': linted('signing', { subject: physician({ [AT.givenName]: undefined }) }),
    'a given name alone': linted('authentication', { subject: physician({ [AT.surname]: undefined }) }),
    'a pseudonym': linted('signing', {
      subject: physician({ [AT.givenName]: undefined, [AT.surname]: undefined, [AT.pseudonym]: 'Dr. M' }),
    }),
  },
  error: {
    'a missing country': linted('signing', { subject: physician({ [AT.countryName]: undefined }) }),
    'a missing common name': linted('signing', { subject: physician({ [AT.commonName]: undefined }) }),
    'no name but the common one': linted('signing', {
      subject: physician({ [AT.givenName]: undefined, [AT.surname]: undefined }),
    }),
  },
  'not-applicable': { 'an officer': linted('officer'), 'a responder': linted('ocsp-responder') },
};
