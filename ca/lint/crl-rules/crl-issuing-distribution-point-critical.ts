import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** issuingDistributionPoint is critical: who passed over it would take a part for the whole. */
export const crlIssuingDistributionPointCritical: CrlLint = {
  id: 'crl-issuing-distribution-point-critical',
  source: 'RFC 5280 §5.2.5',
  check({ crl: { extensions } }) {
    const extension = extensions.get(CE.issuingDistributionPoint);
    if (!extension) return 'not-applicable';
    return extension.critical ? 'pass' : error('issuingDistributionPoint is not critical');
  },
};
