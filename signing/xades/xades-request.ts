import type { Certificate } from '../../pki/certificate.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';

/** What is signed, and where it stands. */
export type XadesSubject =
  /** An XML document that the signature is put into, at the end of its root. */
  | { packaging: 'enveloped'; content: Uint8Array; mediaType?: string }
  /** Octets of any kind that the signature takes in, as base64. */
  | { packaging: 'enveloping'; content: Uint8Array; mediaType?: string }
  /** Octets that stay outside, named by URIs relative to where the signature will lie. */
  | { packaging: 'detached'; contents: readonly DetachedContent[]; inContainer?: boolean };

export interface DetachedContent {
  uri: string;
  bytes: Uint8Array;
  mediaType?: string;
}

export interface XadesRequest {
  subject: XadesSubject;
  /** The signer's certificate. */
  certificate: Certificate;
  /** Issuers to embed beside it, in any order; the root may be left out. */
  chain?: readonly Certificate[];
  /** What the signer claims; level B-B asks for it (ETSI EN 319 132-1 §6.3). */
  signingTime: Date;
  algorithm: SignatureAlgorithmName;
  /** True: other signatures may be added to an enveloped one later, and each leaves out all of them. */
  besideOthers?: boolean;
}
