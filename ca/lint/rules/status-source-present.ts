import { CE, PKIX } from '../../../pki/oid.ts';
import { isSelfIssued } from '../certificate-kind.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Without an OCSP address there is a CRL distribution point; only ocsp-nocheck excuses from both. */
export const statusSourcePresent: CertificateLint = {
  id: 'status-source-present',
  source: 'EN 319 412-2 GEN-4.3.11-1A, GEN-4.3.11-2 and GEN-4.4.1-8',
  check({ certificate }) {
    if (isSelfIssued(certificate) || certificate.extensions.has(CE.ocspNoCheck)) return 'not-applicable';
    if (certificate.extensions.has(CE.cRLDistributionPoints)) return 'pass';
    const descriptions = parsedExtensions(certificate).authorityInfoAccess ?? [];
    return descriptions.some(({ method }) => method === PKIX.ocsp)
      ? 'pass'
      : error('no address of a CRL or of OCSP');
  },
};
