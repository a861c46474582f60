import * as asn1 from '../pki/der/encode.ts';
import { encodeName } from '../pki/name.ts';
import type { NameTemplate } from '../pki/name.ts';
import { signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import { encodeSigned } from '../pki/tbs-certificate.ts';
import type { Signer } from './signer.ts';

/** Makes a PKCS#10 request (RFC 2986, DER), signed by the key that it asks a certificate for; no attributes. */
export async function makeCertificationRequest(signer: Signer, subject: NameTemplate): Promise<Buffer> {
  const version1 = asn1.integer(0);
  const noAttributes = asn1.implicit(0, asn1.setOf());
  const info = asn1.sequence(version1, encodeName(subject), signer.subjectPublicKeyInfo, noAttributes);
  return encodeSigned(info, signatureAlgorithmIdentifier(signer.algorithm), await signer.sign(info));
}
