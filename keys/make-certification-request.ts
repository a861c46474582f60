import { encodeCertificationRequestInfo } from '../pki/certification-request-info.ts';
import type { NameTemplate } from '../pki/name.ts';
import { signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import { encodeSigned } from '../pki/tbs-certificate.ts';
import type { Signer } from './signer.ts';

/** Makes a PKCS#10 request (RFC 2986, DER), signed by the key that it asks a certificate for; no attributes. */
export async function makeCertificationRequest(signer: Signer, subject: NameTemplate): Promise<Buffer> {
  const info = encodeCertificationRequestInfo(subject, signer.subjectPublicKeyInfo);
  return encodeSigned(info, signatureAlgorithmIdentifier(signer.algorithm), await signer.sign(info));
}
