import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a composed آ': linted('signing', { subject: physician({ [AT.givenName]: '\u0622رش' }) }) },
  error: {
    'an ا with a madda of its own': linted('signing', {
      subject: physician({ [AT.givenName]: '\u0627\u0653رش' }),
    }),
  },
  'not-applicable': { 'a subject in ASCII': linted('ocsp-responder') },
};
