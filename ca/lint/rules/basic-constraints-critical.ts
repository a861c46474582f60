import { CE } from '../../../pki/oid.ts';
import { isAuthority } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** basicConstraints of a CA is critical. */
export const basicConstraintsCritical: CertificateLint = {
  id: 'basic-constraints-critical',
  source: 'RFC 5280 §4.2.1.9',
  check({ certificate }) {
    if (!isAuthority(certificate)) return 'not-applicable';
    const critical = certificate.extensions.get(CE.basicConstraints)?.critical;
    return critical ? 'pass' : error('basicConstraints of a CA is not critical');
  },
};
