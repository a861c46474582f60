import { crlEntryFacts } from '../crl-entry-facts.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** Revocation dates are UTCTime through 2049 and GeneralizedTime from 2050 on, with seconds and Z. */
export const crlEntryDateEncoding: CrlLint = {
  id: 'crl-entry-date-encoding',
  source: 'RFC 5280 §5.1.2.6',
  check({ crl }) {
    const { entries, misencodedDates } = crlEntryFacts(crl);
    if (entries === 0) return 'not-applicable';
    return misencodedDates === 0
      ? 'pass'
      : error(`revocation dates not written as they should be: ${misencodedDates}`);
  },
};
