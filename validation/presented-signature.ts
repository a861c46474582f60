import type { Certificate } from '../pki/certificate.ts';
import type { EmbeddedRevocation } from '../pki/cms/signed-data.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';
import type { SignatureScheme } from '../pki/signature-algorithm.ts';
import type { Reason } from './reason.ts';
import type { CryptographicResult } from './verify-signature.ts';

export type SignatureFormat = 'CAdES' | 'CMS' | 'PAdES' | 'JAdES' | 'JWS' | 'XAdES' | 'XML-DSig';
export type SignaturePackaging = 'enveloping' | 'enveloped' | 'detached';

/** How a signature names its certificate by hash (CAdES signing-certificate-v2, JAdES x5t#o, XAdES SigningCertificateV2). */
export interface CertificateReference {
  digest: DigestName;
  hash: Buffer;
}

/** What a time stamp proves to have existed beside what its imprint is over, in the very octets in which the signature presents it. */
export interface ProtectedMaterial {
  certificates: readonly Buffer[];
  revocation: readonly Buffer[];
  /** Earlier time stamps, as their tokens. */
  timeStamps: readonly Buffer[];
}

/** A time-stamp token (RFC 3161) that a signature carries. */
export interface PresentedTimeStamp {
  /** `content`: made before the signature; `signature`: over its value; `archive` and `document`: over it and its evidence. */
  kind: 'content' | 'signature' | 'archive' | 'document';
  /** TimeStampToken in DER or BER. */
  token: Buffer;
  /** The hash that the token must have; throws PkiError or FormatError when what it is over cannot be put together. */
  imprint(digest: DigestName): Buffer;
  /** Absent: only the signature itself. */
  protects?: ProtectedMaterial;
}

/** What the signer said beside the content, under the signature; none of it is proven by being signed. */
export interface SignedProperties {
  /** Object identifier or URI of the signature policy that the signer refers to; `implied`: none is named. */
  signaturePolicy?: string;
  /** Object identifiers or URIs of what the signer commits to: origin, approval, creation. */
  commitmentTypes?: string[];
  /** Roles that the signer claims for itself, as texts; certified ones are not read. */
  claimedRoles?: string[];
  /** Where the signature is said to have been made. */
  productionPlace?: string;
  /** Media type and description of the content. */
  mediaType?: string;
  contentHint?: string;
}

/** What was signed, for the rules that look into a prescription. */
export interface SignedContent {
  bytes: Buffer;
  mediaType?: string;
  /** Name of the file in a container, or the URI of a reference. */
  name?: string;
}

/**
 * One signature of a document, as its format's reader hands it to the engine: the engine judges it and does not know
 * the format any more.
 */
export interface PresentedSignature {
  /** Names it within its document: a position, a field's name, an XML Id. */
  id: string;
  format: SignatureFormat;
  packaging: SignaturePackaging;
  /** What the signer claims; it proves nothing. */
  claimedSigningTime?: Date;
  /** Absent when they are unknown to us. */
  algorithms?: { digest: DigestName; scheme: SignatureScheme };
  signedProperties?: SignedProperties;
  /** Certificates that came along; the signer's is among them, or is not to be had. */
  certificates: readonly Certificate[];
  revocation: readonly EmbeddedRevocation[];
  /** The signer's certificate, chosen by what the signature says of it; with the reasons why there is none, or a doubtful one. */
  signingCertificate: { certificate?: Certificate; reasons: readonly Reason[] };
  /** Whether the certificate is named by hash under the signature; plain CMS, JWS and XML-DSig do not. */
  bindsCertificate: boolean;
  /** Verifies digests and signature value; never throws PkiError or FormatError. Says nothing of the certificate. */
  verify(certificate: Certificate): CryptographicResult;
  /** In the order in which they were added. */
  timeStamps: readonly PresentedTimeStamp[];
  /** Countersignatures and what else signs this signature's value; each is reported below it. */
  counterSignatures: readonly PresentedSignature[];
  /** What is signed; empty where it was not handed in. */
  contents: readonly SignedContent[];
  /** What the format itself says against it or explains: wrapping, shadow changes, a part that is not covered. */
  reasons: readonly Reason[];
}

/** A document with all of its signatures. */
export interface PresentedDocument {
  signatures: readonly PresentedSignature[];
  /** Of the document as a whole: no signature in it, files that no signature covers. */
  reasons: readonly Reason[];
}

/** What a reader is given: the signature or signed document, and the content of a detached one. */
export interface SignatureInput {
  signature: Uint8Array;
  /** Signed documents outside of the signature, by name where there are several. */
  content?: Uint8Array;
  contentsByName?: ReadonlyMap<string, Uint8Array>;
  /** See ValidationPolicy. */
  signingCertificateReference: 'required' | 'checked-if-present';
}
