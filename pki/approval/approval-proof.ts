import { publicKeyOf } from '../certificate.ts';
import type { Certificate } from '../certificate.ts';
import { parseSignedData } from '../cms/signed-data.ts';
import type { SignedData } from '../cms/signed-data.ts';
import { signerAlgorithms, verifySignerInfo } from '../cms/verify-signer-info.ts';
import type { SignerInfo } from '../cms/signer-info.ts';
import { digest } from '../digest-algorithm.ts';
import type { DigestName } from '../digest-algorithm.ts';
import { sameName } from '../name.ts';
import { importPublicKey } from '../public-key.ts';
import { PkiError } from '../pki-error.ts';
import { assertionFault } from './assertion.ts';
import type { Assertion } from './assertion.ts';

/** How an officer has signed an approval document. */
export type ApprovalProof = PasskeyProof | CertificateProof;

export interface PasskeyProof extends Assertion {
  method: 'passkey';
  credentialId: Buffer;
}

export interface CertificateProof {
  method: 'certificate';
  /** Of the officer's certificate. */
  certificateSha256: Buffer;
  /** Detached CMS SignedData over the document's octets, DER. */
  signature: Buffer;
}

/** Which credential has signed, or has been shown. */
export type CredentialReference =
  Pick<PasskeyProof, 'method' | 'credentialId'> | Pick<CertificateProof, 'method' | 'certificateSha256'>;

/** What verifies a proof. */
export type ApprovalKey =
  | { method: 'passkey'; /** DER. */ subjectPublicKeyInfo: Buffer }
  | { method: 'certificate'; certificate: Certificate };

/** The one that documents are known by; SHA-1 collides. */
const DIGEST: DigestName = 'sha256';

/** Why a proof does not hold over a document's octets; undefined: it does. */
export function approvalProofFault(
  document: Buffer,
  proof: ApprovalProof,
  key: ApprovalKey,
): string | undefined {
  if (proof.method === 'passkey' && key.method === 'passkey')
    return assertionFault(proof, digest(DIGEST, document), importPublicKey(key.subjectPublicKeyInfo));
  if (proof.method === 'certificate' && key.method === 'certificate')
    return cmsFault(document, proof.signature, key.certificate);
  return 'method-differs';
}

function cmsFault(document: Buffer, cms: Buffer, certificate: Certificate): string | undefined {
  try {
    const { contentType, content, signerInfos } = parseSignedData(cms);
    // Detached: a second document inside would be another one than was shown.
    if (content !== undefined) return 'content-embedded';
    if (signerInfos.length !== 1) return 'signer-count';
    const [signer] = signerInfos;
    if (!isOf(signer, certificate)) return 'signer-differs';
    if (!signer.signedAttributes) return 'attributes-missing';
    if (signerAlgorithms(signer).digest !== DIGEST) return 'digest-differs';
    const { outcome } = verifySignerInfo(
      signer,
      { contentType, content: document },
      publicKeyOf(certificate),
    );
    return outcome === 'valid' ? undefined : outcome;
  } catch (error) {
    if (error instanceof PkiError) return error.code;
    throw error;
  }
}

/** The certificate of the first signer, among those that came with the signature. */
export function signerCertificateOf({ certificates, signerInfos }: SignedData): Certificate | undefined {
  const [signer] = signerInfos;
  return signer && certificates.find((certificate) => isOf(signer, certificate));
}

function isOf({ sid }: SignerInfo, certificate: Certificate): boolean {
  // Our certificates carry a key identifier, but it is the other form that every signer of them writes.
  return (
    sid.kind === 'issuer-and-serial' &&
    sid.serialNumber.equals(certificate.serialNumber) &&
    sameName(sid.issuer, certificate.issuer)
  );
}
