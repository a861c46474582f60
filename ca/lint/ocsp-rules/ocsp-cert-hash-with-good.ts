import { CE } from '../../../pki/oid.ts';
import { parseCertHash } from '../../../pki/ocsp-extensions.ts';
import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** "Good" comes with the SHA-256 of the certificate: the proof that the responder knows it, and not only its number. */
export const ocspCertHashWithGood: OcspLint = {
  id: 'ocsp-cert-hash-with-good',
  source: 'Common PKI 2.0 part 4 §3.1.2, practice statement: revocation',
  check({ response }) {
    if (response.status !== 'successful') return 'not-applicable';
    const good = response.responses.filter(({ status }) => status.kind === 'good');
    if (good.length === 0) return 'not-applicable';
    for (const { extensions } of good) {
      const certHash = extensions.get(CE.certHash);
      if (!certHash) return error('good without CertHash');
      const { hashAlgorithm, certificateHash } = parseCertHash(certHash.value);
      if (hashAlgorithm !== 'sha256' || certificateHash.length !== 32)
        return error('CertHash is not a SHA-256');
    }
    return 'pass';
  },
};
