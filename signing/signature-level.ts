import type { Certificate } from '../pki/certificate.ts';
import type { DigestName } from '../pki/digest-algorithm.ts';

/**
 * Levels of baseline signatures, each on top of the one before: a signature with its certificate; a time stamp over it;
 * the certificates and statuses to validate it; a time stamp over all of that (ETSI EN 319 122-1, 319 132-1, 319 142-1,
 * TS 119 182-1, each in §6.1).
 */
export const SIGNATURE_LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type SignatureLevel = (typeof SIGNATURE_LEVELS)[number];

/** Makes time-stamp tokens; a TSA behind HTTP, or the deployment's own. */
export interface TimeStamper {
  /** The token over a hash, in DER; rejects when there is none to be had. */
  stamp(digest: DigestName, hash: Uint8Array): Promise<Buffer>;
}

/** What it takes to validate certificates later without asking anybody, in DER. */
export interface ValidationMaterial {
  certificates: readonly Buffer[];
  /** CertificateList. */
  crls: readonly Buffer[];
  /** OCSPResponse. */
  ocspResponses: readonly Buffer[];
}

export interface MaterialSource {
  /**
   * Issuers and statuses of certificates up to their anchor, as of now; `embedded` came along and may be issuers.
   * Rejects when a status is not to be had: a level is not claimed that is not reached.
   */
  materialFor(
    certificates: readonly Certificate[],
    embedded: readonly Certificate[],
  ): Promise<ValidationMaterial>;
}
