import { parseSignatureAlgorithm } from '../../../pki/signature-algorithm.ts';
import { isCanonicalAlgorithm } from '../canonical-algorithms.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** No signature over SHA-1, and none that we cannot name. */
export const crlSignatureAlgorithmStrong: CrlLint = {
  id: 'crl-signature-algorithm-strong',
  source: 'ETSI TS 119 312',
  check({ crl: { signatureAlgorithm } }) {
    if (isCanonicalAlgorithm(signatureAlgorithm)) return 'pass';
    const { digest } = parseSignatureAlgorithm(signatureAlgorithm);
    return digest === 'sha1' ? error('signed over SHA-1') : 'pass';
  },
};
