import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** A part of our list is told by its http address alone: no partial reasons, no foreign entries, no attribute certificates. */
export const crlIssuingDistributionPointScope: CrlLint = {
  id: 'crl-issuing-distribution-point-scope',
  source: 'RFC 5280 §5.2.5, practice statement: revocation',
  check({ crl: { issuingDistributionPoint: point } }) {
    if (!point) return 'not-applicable';
    if (point.indirectCRL) return error('the CRL speaks for other issuers');
    if (point.onlySomeReasons) return error('the CRL speaks of some reasons only');
    if (point.onlyContainsAttributeCerts) return error('the CRL speaks of attribute certificates');
    if (point.fullName.length === 0 && !point.onlyContainsUserCerts && !point.onlyContainsCACerts) {
      return error('issuingDistributionPoint says nothing');
    }
    const http = point.fullName.every((name) => name.kind === 'uri' && name.value.startsWith('http://'));
    return http ? 'pass' : error('the distribution point is not an http URI');
  },
};
