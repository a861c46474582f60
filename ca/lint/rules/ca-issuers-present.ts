import { PKIX } from '../../../pki/oid.ts';
import { isSelfIssued } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** All but roots say where their issuer's certificate is: readers without it build no path. */
export const caIssuersPresent: CertificateLint = {
  id: 'ca-issuers-present',
  source: 'RFC 5280 §4.2.2.1, EN 319 412-2 GEN-4.4.1-2 and GEN-4.4.1-3',
  check({ certificate }) {
    if (isSelfIssued(certificate)) return 'not-applicable';
    const descriptions = parsedExtensions(certificate).authorityInfoAccess ?? [];
    return descriptions.some(({ method }) => method === PKIX.caIssuers)
      ? 'pass'
      : error('caIssuers is missing');
  },
};
