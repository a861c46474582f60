import { parseSignatureAlgorithm } from '../../../pki/signature-algorithm.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { isCanonicalAlgorithm } from '../canonical-algorithms.ts';

/** No signature over SHA-1, and none that we cannot name (MD5 among them). */
export const signatureAlgorithmStrong: CertificateLint = {
  id: 'signature-algorithm-strong',
  source: 'EN 319 412-2 GEN-4.2.2-1, ETSI TS 119 312',
  check({ certificate: { signatureAlgorithm } }) {
    if (isCanonicalAlgorithm(signatureAlgorithm)) return 'pass';
    const { digest } = parseSignatureAlgorithm(signatureAlgorithm);
    return digest === 'sha1' ? error('signed over SHA-1') : 'pass';
  },
};
