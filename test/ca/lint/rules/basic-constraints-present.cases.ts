import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a leaf with them': linted('signing'), 'a CA with them': linted('root') },
  error: {
    'a leaf without them': linted('signing', { without: [CE.basicConstraints] }),
    'a signer of certificates without them': linted('intermediate', { without: [CE.basicConstraints] }),
  },
  appliesToAll: true,
};
