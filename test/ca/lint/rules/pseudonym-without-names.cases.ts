import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'a pseudonym alone': linted('signing', {
      subject: physician({ [AT.givenName]: undefined, [AT.surname]: undefined, [AT.pseudonym]: 'Dr. M' }),
    }),
  },
  error: {
    'a pseudonym beside the names': linted('signing', { subject: physician({ [AT.pseudonym]: 'Dr. M' }) }),
    'a pseudonym beside the surname': linted('signing', {
      subject: physician({ [AT.givenName]: undefined, [AT.pseudonym]: 'Dr. M' }),
    }),
  },
  'not-applicable': { 'a subject without a pseudonym': linted('signing') },
};
