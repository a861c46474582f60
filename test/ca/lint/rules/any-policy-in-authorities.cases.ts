import { certificatePoliciesExtension } from '../../../../pki/extensions/certificate-policies.ts';
import { PKIX } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const anyPolicy = certificatePoliciesExtension([{ policy: PKIX.anyPolicy }]);

export const cases: CertificateCases = {
  pass: { 'policies of its own': linted('signing') },
  error: { 'anyPolicy in a leaf': linted('signing', { with: [anyPolicy] }) },
  'not-applicable': {
    'a CA': linted('intermediate', { with: [anyPolicy] }),
    'a certificate without policies': linted('ocsp-responder'),
  },
};
