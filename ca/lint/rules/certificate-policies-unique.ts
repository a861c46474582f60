import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The list of policies has members, and none twice. */
export const certificatePoliciesUnique: CertificateLint = {
  id: 'certificate-policies-unique',
  source: 'RFC 5280 §4.2.1.4',
  check({ certificate }) {
    const policies = parsedExtensions(certificate).certificatePolicies;
    if (!policies) return 'not-applicable';
    if (policies.length === 0) return error('certificatePolicies is empty');
    const distinct = new Set(policies.map(({ policy }) => policy)).size;
    return distinct === policies.length ? 'pass' : error('a policy is named twice');
  },
};
