import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** An unspecified reason is said by leaving reasonCode out. */
export const crlReasonNotUnspecified: CrlLint = {
  id: 'crl-reason-not-unspecified',
  source: 'RFC 5280 §5.3.1',
  check({ crl }) {
    const { entries, unspecified } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return unspecified === 0 ? 'pass' : error(`entries that say "unspecified": ${unspecified}`);
  },
};
