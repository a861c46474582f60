import type { SignedData } from '../../pki/cms/signed-data.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { CMS } from '../../pki/oid.ts';
import type { ValidationPolicy } from '../policy.ts';
import type { PresentedSignature, SignedContent } from '../presented-signature.ts';
import { identifySigningCertificate } from './identify-signing-certificate.ts';
import { claimedSigningTime } from './signing-time.ts';
import { algorithmsOf, verifySigner } from './verify-signer.ts';

/** What a signer of a SignedData is presented with. */
export interface SignerSurroundings extends Pick<ValidationPolicy, 'signingCertificateReference'> {
  signedData: SignedData;
  /** The document; undefined: detached and not handed in. */
  content: Uint8Array | undefined;
  contents: readonly SignedContent[];
}

/** One SignerInfo as the engine judges it; containers of CMS (PDF, ASiC) present theirs by it too. */
export function presentSigner(
  signer: SignerInfo,
  id: string,
  { signedData, content, contents, signingCertificateReference }: SignerSurroundings,
): PresentedSignature {
  const { contentType, certificates, revocation } = signedData;
  const bindsCertificate = namesItsCertificate(signer);
  const signingTime = claimedSigningTime(signer);
  const algorithms = algorithmsOf(signer);
  return {
    id,
    format: bindsCertificate ? 'CAdES' : 'CMS',
    packaging: signedData.content ? 'enveloping' : 'detached',
    ...(signingTime && { claimedSigningTime: signingTime }),
    ...(algorithms && { algorithms }),
    certificates,
    revocation,
    signingCertificate: identifySigningCertificate(signer, certificates, { signingCertificateReference }),
    bindsCertificate,
    verify: (certificate) => verifySigner(signer, { contentType, content }, certificate),
    timeStamps: [],
    counterSignatures: [],
    contents,
    reasons: [],
  };
}

function namesItsCertificate({ signedAttributes }: SignerInfo): boolean {
  const types = signedAttributes?.list.map(({ type }) => type) ?? [];
  return types.includes(CMS.signingCertificateV2) || types.includes(CMS.signingCertificate);
}
