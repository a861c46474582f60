import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** thisUpdate is not after the issue: readers would not take the CRL yet. */
export const crlNotFromFuture: CrlLint = {
  id: 'crl-not-from-future',
  source: 'RFC 5280 §5.1.2.4',
  check({ crl: { thisUpdate }, now }) {
    if (!now) return 'not-applicable';
    return thisUpdate.getTime() <= now.getTime() ? 'pass' : error('thisUpdate lies after the issue');
  },
};
