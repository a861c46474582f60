import { certificatePoliciesExtension } from '../../../../pki/extensions/certificate-policies.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'two policies': linted('signing') },
  error: {
    'a policy that is named twice': linted('signing', {
      with: [
        certificatePoliciesExtension([
          { policy: '2.999.1' },
          { policy: '2.999.1', cpsUri: 'https://a.test/' },
        ]),
      ],
    }),
    'an empty list': linted('signing', { with: [certificatePoliciesExtension([])] }),
  },
  'not-applicable': { 'a certificate without policies': linted('ocsp-responder') },
};
