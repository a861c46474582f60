import type { Certificate } from '../../pki/certificate.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import type { SignerIdentifier } from '../../pki/cms/signer-info.ts';
import { verifySignerInfo } from '../../pki/cms/verify-signer-info.ts';
import { certificateReferencesOf, refersTo } from '../../pki/cms/signing-certificate-reference.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { CampaignError } from './campaign-error.ts';

export interface RenewalProof {
  /** Names the certificate that is being renewed. */
  sid: SignerIdentifier;
  /** Throws CampaignError `renewal-proof-wrong` unless that certificate's key signed the request. */
  verify(renewed: Certificate): void;
}

/**
 * Reads the proof of a renewal: a CMS SignedData with one signer over the new PKCS#10 (DER), detached or containing it.
 * Throws CampaignError `renewal-proof-malformed`, or `renewal-proof-wrong` where it contains something else.
 */
export function readRenewalProof(bytes: Uint8Array, certificationRequest: Buffer): RenewalProof {
  const signedData = readSignedData(bytes);
  const [signer, ...more] = signedData.signerInfos;
  if (!signer || more.length > 0) {
    throw new CampaignError(
      'renewal-proof-malformed',
      `${signedData.signerInfos.length} signers, expected one`,
    );
  }
  if (signedData.content && !signedData.content.equals(certificationRequest)) {
    throw new CampaignError('renewal-proof-wrong', 'the proof contains another request');
  }
  const signed = { contentType: signedData.contentType, content: certificationRequest };
  return {
    sid: signer.sid,
    verify: (renewed) => {
      const { outcome } = verifySignerInfo(signer, signed, publicKeyOf(renewed));
      if (outcome !== 'valid')
        throw new CampaignError('renewal-proof-wrong', `the signature of the proof: ${outcome}`);
      // ESS binds the signature to one certificate; where it stands, it has to be this one (RFC 5035 §5).
      const references = certificateReferencesOf(signer.signedAttributes?.list ?? []);
      if (references.every((reference) => refersTo(reference, renewed))) return;
      throw new CampaignError('renewal-proof-wrong', 'the proof was made with another certificate');
    },
  };
}

function readSignedData(bytes: Uint8Array) {
  try {
    return parseSignedData(bytes);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new CampaignError('renewal-proof-malformed', cause.detail, { cause });
  }
}
