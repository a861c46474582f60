import { AT } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted, physician } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a subject with a serialNumber': linted('signing') },
  error: {
    'a subject without one': linted('signing', { subject: physician({ [AT.serialNumber]: undefined }) }),
  },
  'not-applicable': { 'an officer': linted('officer'), 'a CA': linted('intermediate') },
};
