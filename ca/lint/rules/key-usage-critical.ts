import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Key usage is critical: the standard's SHOULD is a rule of ours, since it separates signing from logging in. */
export const keyUsageCritical: CertificateLint = {
  id: 'key-usage-critical',
  source: 'RFC 5280 §4.2.1.3, practice statement: profiles',
  check({ certificate: { extensions } }) {
    const extension = extensions.get(CE.keyUsage);
    if (!extension) return 'not-applicable';
    return extension.critical ? 'pass' : error('keyUsage is not critical');
  },
};
