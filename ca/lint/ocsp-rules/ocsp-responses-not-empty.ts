import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** A successful response answers for at least one certificate, and for none twice. */
export const ocspResponsesNotEmpty: OcspLint = {
  id: 'ocsp-responses-not-empty',
  source: 'RFC 6960 §2.2 and §4.2.1',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const { responses } = response;
    if (responses.length === 0) return error('the response answers for no certificate');
    const distinct = new Set(responses.map(({ certId }) => certId.bytes.toString('latin1'))).size;
    return distinct === responses.length ? 'pass' : error('the response answers twice for a certificate');
  },
};
