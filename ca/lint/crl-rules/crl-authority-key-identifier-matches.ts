import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The authority's key identifier is the subject key identifier of the CA's certificate. */
export const crlAuthorityKeyIdentifierMatches: CrlLint = {
  id: 'crl-authority-key-identifier-matches',
  source: 'RFC 5280 §5.2.1 and §4.2.1.2',
  check({ crl, issuer }) {
    const expected = issuer && parsedExtensions(issuer).subjectKeyIdentifier;
    const actual = crl.authorityKeyIdentifier;
    if (!expected || !actual) return 'not-applicable';
    return actual.equals(expected)
      ? 'pass'
      : error("authorityKeyIdentifier is not the CA's subjectKeyIdentifier");
  },
};
