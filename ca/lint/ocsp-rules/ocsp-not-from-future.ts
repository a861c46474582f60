import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** producedAt is not after the moment at which the response is given. */
export const ocspNotFromFuture: OcspLint = {
  id: 'ocsp-not-from-future',
  source: 'RFC 6960 §2.4',
  check({ response, now }) {
    if (response.status !== 'successful' || !now) return 'not-applicable';
    return response.producedAt.getTime() <= now.getTime()
      ? 'pass'
      : error('producedAt lies after the response');
  },
};
