import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** Times have no fractions of seconds. */
export const ocspWholeSeconds: OcspLint = {
  id: 'ocsp-whole-seconds',
  source: 'RFC 5019 §2.2.4, RFC 5280 §4.1.2.5.2',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const times = [response.producedAt];
    for (const { thisUpdate, nextUpdate, status } of response.responses) {
      times.push(thisUpdate);
      if (nextUpdate) times.push(nextUpdate);
      if (status.kind === 'revoked') times.push(status.revokedAt);
    }
    return times.every((time) => time.getTime() % 1000 === 0)
      ? 'pass'
      : error('a time has a fraction of a second');
  },
};
