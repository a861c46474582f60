import { certificatePoliciesExtension } from '../../../../pki/extensions/certificate-policies.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

export const cases: CertificateCases = {
  pass: { 'a signer with policies': linted('signing') },
  error: {
    'a signer without them': linted('signing', { without: [CE.certificatePolicies] }),
    'an empty list': linted('authentication', { with: [certificatePoliciesExtension([])] }),
  },
  'not-applicable': {
    'a responder': linted('ocsp-responder'),
    'a CA': linted('intermediate', { without: [CE.certificatePolicies] }),
  },
};
