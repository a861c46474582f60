import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The authority's key identifier is the subject key identifier of the issuer's certificate. */
export const authorityKeyIdentifierMatches: CertificateLint = {
  id: 'authority-key-identifier-matches',
  source: 'RFC 5280 §4.2.1.1 and §4.2.1.2',
  check({ certificate, issuer }) {
    const expected = issuer && parsedExtensions(issuer).subjectKeyIdentifier;
    const actual = parsedExtensions(certificate).authorityKeyIdentifier?.keyIdentifier;
    if (!expected || !actual) return 'not-applicable';
    return actual.equals(expected)
      ? 'pass'
      : error("authorityKeyIdentifier is not the issuer's subjectKeyIdentifier");
  },
};
