import { CE } from '../../../pki/oid.ts';
import { isNaturalPerson } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** extKeyUsage of a natural person's certificate is not critical. */
export const extendedKeyUsageNotCritical: CertificateLint = {
  id: 'extended-key-usage-not-critical',
  source: 'EN 319 412-2 GEN-4.3.10-1',
  check({ certificate }) {
    const extension = certificate.extensions.get(CE.extKeyUsage);
    if (!extension || !isNaturalPerson(certificate)) return 'not-applicable';
    return extension.critical ? error('extKeyUsage is critical') : 'pass';
  },
};
