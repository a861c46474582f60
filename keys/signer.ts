import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';

/**
 * A private key that signs and never shows itself: in a file, an HSM or on a card.
 * The authorities know this port and nothing else of `keys/`.
 */
export interface Signer {
  /** Name for logs and audit, e.g. `file:bronze-ca` or `pkcs11:token=…;object=…`. */
  readonly label: string;
  readonly algorithm: SignatureAlgorithmName;
  /** SubjectPublicKeyInfo, DER. */
  readonly subjectPublicKeyInfo: Buffer;
  /**
   * Signs the message itself (the signer hashes it); ECDSA signatures come as DER Ecdsa-Sig-Value (RFC 3279 §2.2.3).
   * Rejects when the key is not to be had; a rejected call has signed nothing that leaves the signer.
   */
  sign(message: Uint8Array): Promise<Buffer>;
  /**
   * As `sign`, at once and in this thread; throws where `sign` rejects. Absent where the key is not in this process. An OCSP
   * answer that waits for nobody is not overtaken by a change of status, and costs no promise.
   */
  signNow?(message: Uint8Array): Buffer;
  /**
   * Signs a message that comes in parts (a CRL of 50 MB), without joining them and without holding up the event loop for
   * more than about a mebibyte at a time; as `sign` in all else. Absent where the algorithm or the device wants the whole
   * message: the caller joins the parts then.
   */
  signParts?(parts: readonly Uint8Array[]): Promise<Buffer>;
}
