import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** A certificate that is revoked was revoked before it is said. */
export const ocspRevocationPast: OcspLint = {
  id: 'ocsp-revocation-past',
  source: 'RFC 6960 §2.2',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const made = response.producedAt.getTime();
    const dates = response.responses.flatMap(({ status }) =>
      status.kind === 'revoked' ? [status.revokedAt.getTime()] : [],
    );
    if (dates.length === 0) return 'not-applicable';
    return dates.every((date) => date <= made) ? 'pass' : error('a certificate is revoked after producedAt');
  },
};
