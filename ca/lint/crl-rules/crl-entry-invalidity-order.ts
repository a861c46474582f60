import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** A key is suspected before its certificate is revoked, not after. */
export const crlEntryInvalidityOrder: CrlLint = {
  id: 'crl-entry-invalidity-order',
  source: 'RFC 5280 §5.3.2, practice statement: revocation',
  check({ crl }) {
    const { entries, invalidAfterRevocation } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return invalidAfterRevocation === 0
      ? 'pass'
      : error(`entries that are invalid only after their revocation: ${invalidAfterRevocation}`);
  },
};
