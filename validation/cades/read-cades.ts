import { asBuffer } from '../../pki/der/decode.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignedData } from '../../pki/cms/signed-data.ts';
import type { PresentedDocument, SignatureInput } from '../presented-signature.ts';
import type { Reason } from '../reason.ts';
import { presentSigner } from './present-signer.ts';

/**
 * Reads a CMS SignedData, CAdES (ETSI EN 319 122-1) or not, in BER, DER or PEM: each signer is a signature. The content may
 * be handed in beside an enveloping one too, and must then be what is enveloped. Throws PkiError `cms-malformed`.
 */
export function readCades(input: SignatureInput): PresentedDocument {
  const signedData = parseSignedData(input.signature);
  const content = contentOf(input, signedData);
  const contents = content ? [{ bytes: asBuffer(content) }] : [];
  const { signingCertificateReference } = input;
  const surroundings = { signedData, content, contents, signingCertificateReference };
  return {
    signatures: signedData.signerInfos.map((signer, index) =>
      presentSigner(signer, `signer-${index + 1}`, surroundings),
    ),
    reasons: faultsOf(signedData, content),
  };
}

/** One document handed in under a name is as good as one without. */
function contentOf(
  { content, contentsByName }: SignatureInput,
  signedData: SignedData,
): Uint8Array | undefined {
  const [only, ...more] = contentsByName?.values() ?? [];
  return content ?? (more.length === 0 ? only : undefined) ?? signedData.content;
}

function faultsOf(
  { signerInfos, content: enveloped }: SignedData,
  content: Uint8Array | undefined,
): Reason[] {
  const reasons: Reason[] = [];
  if (signerInfos.length === 0) reasons.push({ code: 'no-signer', text: 'the SignedData has no signer' });
  if (enveloped && content && !enveloped.equals(content)) {
    const text = 'the document that was handed in is not the one that the signature envelops';
    reasons.push({ code: 'content-differs-from-enveloped', text });
  }
  return reasons;
}
