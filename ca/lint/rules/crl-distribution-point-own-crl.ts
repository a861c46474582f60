import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** The CA issues its CRL itself, for all reasons: cRLIssuer and reasons are left out. */
export const crlDistributionPointOwnCrl: CertificateLint = {
  id: 'crl-distribution-point-own-crl',
  source: 'RFC 5280 §4.2.1.13',
  check({ certificate }) {
    const points = parsedExtensions(certificate).crlDistributionPoints;
    if (!points) return 'not-applicable';
    if (points.some(({ cRLIssuer }) => cRLIssuer)) return error('a distribution point names a cRLIssuer');
    return points.some(({ reasons }) => reasons)
      ? error('a distribution point is for some reasons only')
      : 'pass';
  },
};
