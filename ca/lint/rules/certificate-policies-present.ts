import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The certificate of a natural person names at least one policy. */
export const certificatePoliciesPresent: CertificateLint = {
  id: 'certificate-policies-present',
  source: 'EN 319 412-2 GEN-4.3.3-2',
  check({ certificate }) {
    if (!isNaturalPerson(certificate)) return 'not-applicable';
    const policies = parsedExtensions(certificate).certificatePolicies;
    return policies && policies.length > 0 ? 'pass' : error('certificatePolicies is missing');
  },
};
