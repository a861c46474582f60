import { CE } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** A delta CRL says so critically, builds on an earlier number, and does not point to a fresher delta. */
export const crlDeltaIndicator: CrlLint = {
  id: 'crl-delta-indicator',
  source: 'RFC 5280 §5.2.4 and §5.2.6',
  check({ crl: { extensions, crlNumber, baseCrlNumber, freshestCrl } }) {
    const extension = extensions.get(CE.deltaCRLIndicator);
    if (!extension || baseCrlNumber === undefined) return 'not-applicable';
    if (!extension.critical) return error('deltaCRLIndicator is not critical');
    if (crlNumber !== undefined && baseCrlNumber >= crlNumber)
      return error('the base is not older than the delta');
    return freshestCrl ? error('a delta CRL with freshestCRL') : 'pass';
  },
};
