import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** expiredCertsOnCRL names a time that has passed, and nothing that expired after it is left out. */
export const crlExpiredCertsSince: CrlLint = {
  id: 'crl-expired-certs-since',
  source: 'X.509 §9.5.2.8',
  check({ crl: { expiredCertsOnCrl, thisUpdate } }) {
    if (!expiredCertsOnCrl) return 'not-applicable';
    return expiredCertsOnCrl.getTime() <= thisUpdate.getTime()
      ? 'pass'
      : error('expiredCertsOnCRL lies after thisUpdate');
  },
};
