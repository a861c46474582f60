import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** subjectAltName is not critical beside a subject that has a name. */
export const subjectAlternativeNameNotCritical: CertificateLint = {
  id: 'subject-alternative-name-not-critical',
  source: 'RFC 5280 §4.2.1.6, EN 319 412-2 GEN-4.3.5-1',
  check({ certificate }) {
    const extension = certificate.extensions.get(CE.subjectAltName);
    if (!extension || certificate.subject.rdns.length === 0) return 'not-applicable';
    return extension.critical ? error('subjectAltName is critical') : 'pass';
  },
};
