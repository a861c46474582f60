import { isAuthority, isSelfIssued } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A CA below a CA fits into the path length that the upper one has left. */
export const pathLengthOfIssuer: CertificateLint = {
  id: 'path-length-of-issuer',
  source: 'RFC 5280 §4.2.1.9 and §6.1.4(l)',
  check({ certificate, issuer }) {
    const allowed = issuer && parsedExtensions(issuer).basicConstraints?.pathLength;
    if (allowed === undefined || !isAuthority(certificate) || isSelfIssued(certificate))
      return 'not-applicable';
    if (allowed === 0) return error('the issuer may not issue to CAs');
    const own = parsedExtensions(certificate).basicConstraints?.pathLength;
    return own !== undefined && own < allowed
      ? 'pass'
      : error(`path length is not below the issuer's ${allowed}`);
  },
};
