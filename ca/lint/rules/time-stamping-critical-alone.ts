import { CE } from '../../../pki/oid.ts';
import { certificateKind } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A time stamping unit has the one purpose timeStamping, in a critical extension. */
export const timeStampingCriticalAlone: CertificateLint = {
  id: 'time-stamping-critical-alone',
  source: 'RFC 3161 §2.3',
  check({ certificate }) {
    if (certificateKind(certificate) !== 'time-stamping') return 'not-applicable';
    const purposes = parsedExtensions(certificate).extendedKeyUsage ?? [];
    if (purposes.length > 1) return error('timeStamping stands beside other purposes');
    const critical = certificate.extensions.get(CE.extKeyUsage)?.critical;
    return critical ? 'pass' : error('extKeyUsage of a time stamping unit is not critical');
  },
};
