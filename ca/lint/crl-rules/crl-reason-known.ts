import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Reason codes are those of the standard, which has no 7. */
export const crlReasonKnown: CrlLint = {
  id: 'crl-reason-known',
  source: 'RFC 5280 §5.3.1',
  check({ crl }) {
    const { entries, unknownReasons } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return unknownReasons === 0 ? 'pass' : error(`entries with unknown reason codes: ${unknownReasons}`);
  },
};
