import { issuerHashes } from '../../../pki/ocsp-cert-id.ts';
import { error } from '../finding.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';

/** Every CertID hashes the name and the key of the CA in question. */
export const ocspCertIdOfIssuer: OcspLint = {
  id: 'ocsp-cert-id-of-issuer',
  source: 'RFC 6960 §4.1.1',
  check({ response, issuer }) {
    if (response.status !== 'successful' || !issuer) return 'not-applicable';
    for (const { certId } of response.responses) {
      if (!certId.hashAlgorithm) return error(`a CertID uses the hash algorithm ${certId.hashOid}`);
      const expected = issuerHashes(certId.hashAlgorithm, issuer);
      const same =
        certId.issuerNameHash.equals(expected.issuerNameHash) &&
        certId.issuerKeyHash.equals(expected.issuerKeyHash);
      if (!same) return error('a CertID is of another issuer');
    }
    return 'pass';
  },
};
