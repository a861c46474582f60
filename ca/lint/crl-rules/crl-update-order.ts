import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** The next update comes after this one. */
export const crlUpdateOrder: CrlLint = {
  id: 'crl-update-order',
  source: 'RFC 5280 §5.1.2.5',
  check({ crl: { thisUpdate, nextUpdate } }) {
    if (!nextUpdate) return 'not-applicable';
    return nextUpdate.getTime() > thisUpdate.getTime()
      ? 'pass'
      : error('nextUpdate does not lie after thisUpdate');
  },
};
