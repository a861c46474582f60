import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** A certificate is listed once: of two entries nobody knows which one counts. */
export const crlEntriesUnique: CrlLint = {
  id: 'crl-entries-unique',
  source: 'RFC 5280 §5.1.2.6, practice statement: revocation',
  check({ crl }) {
    const { entries, repeated } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return repeated === 0 ? 'pass' : error(`entries that repeat an earlier serial number: ${repeated}`);
  },
};
