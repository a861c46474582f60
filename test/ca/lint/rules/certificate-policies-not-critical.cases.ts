import { certificatePoliciesExtension } from '../../../../pki/extensions/certificate-policies.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'policies as they should be': linted('signing') },
  warning: {
    'critical policies': linted('signing', {
      with: [{ ...certificatePoliciesExtension([{ policy: '2.999.1' }]), critical: true }],
    }),
  },
  'not-applicable': {
    'a CA': linted('intermediate', {
      with: [{ ...certificatePoliciesExtension([{ policy: '2.999.1' }]), critical: true }],
    }),
    'a signer without policies': linted('signing', { without: [CE.certificatePolicies] }),
  },
};
