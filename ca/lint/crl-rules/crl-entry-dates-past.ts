import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** No revocation is later than the CRL that reports it. */
export const crlEntryDatesPast: CrlLint = {
  id: 'crl-entry-dates-past',
  source: 'RFC 5280 §5.1.2.6',
  check({ crl }) {
    const { entries, later } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return later === 0 ? 'pass' : error(`entries revoked after thisUpdate: ${later}`);
  },
};
