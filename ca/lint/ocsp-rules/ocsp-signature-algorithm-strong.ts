import { parseSignatureAlgorithm } from '../../../pki/signature-algorithm.ts';
import { isCanonicalAlgorithm } from '../canonical-algorithms.ts';
import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** No signature over SHA-1, and none that we cannot name. */
export const ocspSignatureAlgorithmStrong: OcspLint = {
  id: 'ocsp-signature-algorithm-strong',
  source: 'ETSI TS 119 312',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    if (isCanonicalAlgorithm(response.signatureAlgorithm)) return 'pass';
    const { digest } = parseSignatureAlgorithm(response.signatureAlgorithm);
    return digest === 'sha1' ? error('signed over SHA-1') : 'pass';
  },
};
