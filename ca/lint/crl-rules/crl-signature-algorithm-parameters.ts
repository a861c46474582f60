import { parseSignatureAlgorithm } from '../../../pki/signature-algorithm.ts';
import { isCanonicalAlgorithm } from '../canonical-algorithms.ts';
import { error } from '../finding.ts';
import type { CrlLint } from '../linted-crl.ts';

/** NULL for RSA PKCS#1 v1.5; nothing for ECDSA, EdDSA and ML-DSA; for RSASSA-PSS one digest and a salt of its length. */
export const crlSignatureAlgorithmParameters: CrlLint = {
  id: 'crl-signature-algorithm-parameters',
  source: 'RFC 4055 §3.1 and §5, RFC 5758 §3.2, RFC 8410 §3',
  check({ crl: { signatureAlgorithm } }) {
    if (isCanonicalAlgorithm(signatureAlgorithm)) return 'pass';
    // What is too weak is said by crl-signature-algorithm-strong; its parameters do not matter any more.
    if (parseSignatureAlgorithm(signatureAlgorithm).digest === 'sha1') return 'not-applicable';
    return error('the parameters of the signature algorithm are not those that its standard prescribes');
  },
};
