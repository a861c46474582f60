import { CE } from '../../../pki/oid.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { warning } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** The policies of a natural person's certificate should not be critical. */
export const certificatePoliciesNotCritical: CertificateLint = {
  id: 'certificate-policies-not-critical',
  source: 'EN 319 412-2 GEN-4.3.3-1',
  check({ certificate }) {
    const extension = certificate.extensions.get(CE.certificatePolicies);
    if (!extension || !isNaturalPerson(certificate)) return 'not-applicable';
    return extension.critical ? warning('certificatePolicies is critical') : 'pass';
  },
};
