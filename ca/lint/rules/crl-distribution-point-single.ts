import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** One distribution point, named in full: it is the one that the CRL's issuing distribution point repeats. */
export const crlDistributionPointSingle: CertificateLint = {
  id: 'crl-distribution-point-single',
  source: 'RFC 5280 §4.2.1.13, practice statement: revocation',
  check({ certificate }) {
    const points = parsedExtensions(certificate).crlDistributionPoints;
    if (!points) return 'not-applicable';
    if (points.length !== 1) return error(`${points.length} distribution points, not one`);
    return points[0].fullName.length > 0 ? 'pass' : error('the distribution point has no fullName');
  },
};
