import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** Unspecified is said by saying no reason, and removeFromCRL is nothing that an answer can mean. */
export const ocspReason: OcspLint = {
  id: 'ocsp-reason',
  source: 'RFC 5280 §5.3.1, RFC 6960 §4.2.1',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const reasons = response.responses.flatMap(({ status }) =>
      status.kind === 'revoked' ? (status.reason ?? []) : [],
    );
    if (reasons.length === 0) return 'not-applicable';
    const wrong = reasons.find((reason) => reason === 'unspecified' || reason === 'removeFromCRL');
    return wrong ? error(`the reason is ${wrong}`) : 'pass';
  },
};
