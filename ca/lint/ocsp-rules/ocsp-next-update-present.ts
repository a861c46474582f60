import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** Every answer says how long it may be kept: caches and clients rely on it. */
export const ocspNextUpdatePresent: OcspLint = {
  id: 'ocsp-next-update-present',
  source: 'RFC 5019 §2.2.4',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const missing = response.responses.some(({ nextUpdate }) => !nextUpdate);
    return missing ? error('an answer has no nextUpdate') : 'pass';
  },
};
