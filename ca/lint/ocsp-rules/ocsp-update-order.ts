import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** What was known at thisUpdate is said at producedAt, before nextUpdate. */
export const ocspUpdateOrder: OcspLint = {
  id: 'ocsp-update-order',
  source: 'RFC 6960 §2.4 and §4.2.2.1',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const made = response.producedAt.getTime();
    for (const { thisUpdate, nextUpdate } of response.responses) {
      if (thisUpdate.getTime() > made) return error('thisUpdate lies after producedAt');
      if (nextUpdate && nextUpdate.getTime() <= thisUpdate.getTime())
        return error('nextUpdate does not lie after thisUpdate');
      if (nextUpdate && nextUpdate.getTime() < made) return error('nextUpdate lies before producedAt');
    }
    return 'pass';
  },
};
