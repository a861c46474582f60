import { CE } from '../../../pki/oid.ts';
import { isAuthority } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** A CA has a name. Whoever else has none is named by a critical subjectAltName. */
export const subjectNotEmpty: CertificateLint = {
  id: 'subject-not-empty',
  source: 'RFC 5280 §4.1.2.6',
  check({ certificate }) {
    if (certificate.subject.rdns.length > 0) return 'pass';
    if (isAuthority(certificate)) return error('the subject of a CA is empty');
    const critical = certificate.extensions.get(CE.subjectAltName)?.critical === true;
    return critical ? 'pass' : error('the subject is empty and subjectAltName is not critical');
  },
};
