import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';
import { isVisibleAscii } from '../text.ts';

/** CRLs are fetched by plain http: fetching by https would first need a CRL, and clients have no LDAP any more. */
export const crlDistributionPointHttp: CertificateLint = {
  id: 'crl-distribution-point-http',
  source: 'RFC 5280 §4.2.1.13 and §8, EN 319 412-2 GEN-4.3.11-4',
  check({ certificate }) {
    const points = parsedExtensions(certificate).crlDistributionPoints;
    if (!points) return 'not-applicable';
    for (const { fullName } of points) {
      for (const name of fullName) {
        if (name.kind !== 'uri') return error('a distribution point is not named by a URI');
        if (!name.value.startsWith('http://') || !isVisibleAscii(name.value)) {
          return error(`distribution point ${name.value.slice(0, 80)} is not an http URI`);
        }
      }
    }
    return 'pass';
  },
};
