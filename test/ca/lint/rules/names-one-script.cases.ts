import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: {
    'Persian names all over': linted('signing', { subject: physician({ [AT.commonName]: 'مینا رضایی' }) }),
    'Latin names with and without accents': linted('signing', {
      subject: physician({ [AT.surname]: 'Müller', [AT.givenName]: 'Mina' }),
    }),
    'Latin names all over': linted('signing', {
      subject: physician({ [AT.surname]: 'Rezaei', [AT.givenName]: 'Mina' }),
    }),
  },
  notice: { 'Persian names beside a Latin common name, as the national profile has it': linted('signing') },
  'not-applicable': {
    'a service': linted('ocsp-responder'),
    'a common name alone': linted('signing', {
      subject: physician({ [AT.surname]: undefined, [AT.givenName]: undefined }),
    }),
  },
};
