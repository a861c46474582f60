import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Neither key identifier is critical: they help to find a path and prove nothing. */
export const keyIdentifiersNotCritical: CertificateLint = {
  id: 'key-identifiers-not-critical',
  source: 'RFC 5280 §4.2.1.1 and §4.2.1.2',
  check({ certificate: { extensions } }) {
    const authority = extensions.get(CE.authorityKeyIdentifier);
    const subject = extensions.get(CE.subjectKeyIdentifier);
    if (!authority && !subject) return 'not-applicable';
    return authority?.critical || subject?.critical ? error('a key identifier is critical') : 'pass';
  },
};
