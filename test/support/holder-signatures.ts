import { canonicalJson } from '../../core/canonical-json.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { AT } from '../../pki/oid.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

/** Who signs: a certificate and its key. */
export interface Holding {
  certificate: Certificate;
  signer: MemorySigner;
}

/** A document as holders send it, with their signature over it. */
export async function signedByHolder(document: object, { certificate, signer }: Holding, signingTime: Date) {
  const content = Buffer.from(canonicalJson(document));
  const signature = await signCades({ content, signer, certificate, signingTime });
  return { signature: signature.toString('base64') };
}

/** What asks for the successor of a certificate of the bronze CA, for a new key. */
export async function renewalRequest({ certificate }: Pick<Holding, 'certificate'>, key = memorySigner()) {
  const pkcs10 = await makeCertificationRequest(key, [{ type: AT.commonName, value: 'ignored' }]);
  return {
    type: 'mohr-renewal-request',
    certificate: { authority: 'bronze', serialNumber: certificate.serialNumber.toString('hex') },
    certificationRequest: pkcs10.toString('base64'),
  };
}

/** What accepts the successor, to be signed with its key. */
export function renewalAcceptance(renewal: string, certificate: Certificate) {
  return {
    type: 'mohr-renewal-acceptance',
    renewal,
    certificateSha256: digest('sha256', certificate.bytes).toString('hex'),
  };
}
