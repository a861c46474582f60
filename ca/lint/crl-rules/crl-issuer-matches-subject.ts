import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** The issuer is the subject of the CA's certificate, octet for octet: validators compare it with the leaf's issuer. */
export const crlIssuerMatchesSubject: CrlLint = {
  id: 'crl-issuer-matches-subject',
  source: 'RFC 5280 §5.1.2.3 and §6.3.3(b)(1)',
  check({ crl, issuer }) {
    if (!issuer) return 'not-applicable';
    return crl.issuer.bytes.equals(issuer.subject.bytes)
      ? 'pass'
      : error("the issuer differs from the CA's subject");
  },
};
