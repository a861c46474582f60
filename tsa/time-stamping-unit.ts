import type { Signer } from '../keys/signer.ts';
import type { Certificate } from '../pki/certificate.ts';

/** A key that time stamps are signed with, and its certificate (the TSU of ETSI EN 319 421). */
export interface TimeStampingUnit {
  signer: Signer;
  /** Its one extended key usage is timeStamping, critical (RFC 3161 §2.3). */
  certificate: Certificate;
  /** Issuers, from the one of the certificate to below the root. */
  chain: readonly Certificate[];
}
