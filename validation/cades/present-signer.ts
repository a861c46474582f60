import type { SignedData } from '../../pki/cms/signed-data.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { CMS } from '../../pki/oid.ts';
import type { ValidationPolicy } from '../policy.ts';
import type { PresentedSignature, SignedContent } from '../presented-signature.ts';
import { cadesTimeStamps } from './cades-time-stamps.ts';
import { COUNTER_SIGNATURES_MAX, counterSigners } from './counter-signatures.ts';
import type { CounterPlace } from './counter-signatures.ts';
import { certificateValues, revocationValues } from './embedded-values.ts';
import { identifySigningCertificate } from './identify-signing-certificate.ts';
import { signedPropertiesOf } from './signed-properties.ts';
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
  surroundings: SignerSurroundings,
): PresentedSignature {
  const { signedData, content, contents } = surroundings;
  const place = { level: 0, allowance: { left: COUNTER_SIGNATURES_MAX } };
  return present({ signer, id, ...place }, surroundings, {
    packaging: signedData.content ? 'enveloping' : 'detached',
    contentType: signedData.contentType,
    content,
    contents,
  });
}

interface Placed extends CounterPlace {
  signer: SignerInfo;
  id: string;
}

interface Signed extends Pick<PresentedSignature, 'packaging' | 'contents'> {
  contentType: string | undefined;
  content: Uint8Array | undefined;
}

function present(placed: Placed, surroundings: SignerSurroundings, signed: Signed): PresentedSignature {
  const { signer, id } = placed;
  const { signedData, signingCertificateReference } = surroundings;
  const { packaging, contents, ...covered } = signed;
  const certificates = withMore(signedData.certificates, certificateValues(signer.unsignedAttributes));
  const revocation = withMore(signedData.revocation, revocationValues(signer.unsignedAttributes));
  const bindsCertificate = namesItsCertificate(signer);
  const signingTime = claimedSigningTime(signer);
  const algorithms = algorithmsOf(signer);
  const signedProperties = signedPropertiesOf(signer.signedAttributes?.list ?? []);
  return {
    id,
    format: bindsCertificate ? 'CAdES' : 'CMS',
    packaging,
    ...(signingTime && { claimedSigningTime: signingTime }),
    ...(algorithms && { algorithms }),
    ...(signedProperties && { signedProperties }),
    certificates,
    revocation,
    signingCertificate: identifySigningCertificate(signer, certificates, { signingCertificateReference }),
    bindsCertificate,
    verify: (certificate) => verifySigner(signer, covered, certificate),
    timeStamps: cadesTimeStamps({ signedData, signer, content: covered.content }),
    contents,
    ...presentCounters(placed, surroundings),
  };
}

/** What a countersigner signs is the signature value, and no content type is stated of it (RFC 5652 §11.4). */
function presentCounters(
  { signer, id, level, allowance }: Placed,
  surroundings: SignerSurroundings,
): Pick<PresentedSignature, 'counterSignatures' | 'reasons'> {
  const { signers, reasons } = counterSigners(signer, { level, allowance });
  const signed: Signed = {
    packaging: 'detached',
    contentType: undefined,
    content: signer.signature,
    contents: [],
  };
  return {
    counterSignatures: signers.map((counter, index) =>
      present(
        { signer: counter, id: `${id}.${index + 1}`, level: level + 1, allowance },
        surroundings,
        signed,
      ),
    ),
    reasons,
  };
}

function withMore<Item>(items: readonly Item[], more: readonly Item[]): readonly Item[] {
  return more.length === 0 ? items : [...items, ...more];
}

function namesItsCertificate({ signedAttributes }: SignerInfo): boolean {
  const types = signedAttributes?.list.map(({ type }) => type) ?? [];
  return types.includes(CMS.signingCertificateV2) || types.includes(CMS.signingCertificate);
}
