import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** The issuer is its own certificate's subject, octet for octet: not every relying party folds names as §7.1 says. */
export const issuerMatchesSubject: CertificateLint = {
  id: 'issuer-matches-subject',
  source: 'RFC 5280 §4.1.2.4 and §6.1.3(a)(4)',
  check({ certificate, issuer }) {
    if (!issuer) return 'not-applicable';
    const same = certificate.issuer.bytes.equals(issuer.subject.bytes);
    return same ? 'pass' : error("the issuer differs from the subject of the issuer's certificate");
  },
};
