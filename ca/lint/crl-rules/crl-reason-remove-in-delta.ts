import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** removeFromCRL, the end of a hold, appears in delta CRLs only: a complete CRL says it by silence. */
export const crlReasonRemoveInDelta: CrlLint = {
  id: 'crl-reason-remove-in-delta',
  source: 'RFC 5280 §5.3.1',
  check({ crl }) {
    const { entries, removed } = crlEntryFacts(crl);
    if (entries === 0 || crl.baseCrlNumber !== undefined) return 'not-applicable';
    return removed === 0 ? 'pass' : error(`entries of a complete CRL that say removeFromCRL: ${removed}`);
  },
};
