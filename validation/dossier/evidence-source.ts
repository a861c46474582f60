import type { Certificate } from '../../pki/certificate.ts';

/** What it takes to judge certificates later without asking anybody, in DER. */
export interface CollectedEvidence {
  certificates: readonly Buffer[];
  /** CertificateList. */
  crls: readonly Buffer[];
  /** OCSPResponse. */
  ocspResponses: readonly Buffer[];
}

export interface EvidenceSource {
  /** Issuers and statuses up to the anchors, as of now; `embedded` came along. Rejects when something is not to be had. */
  materialFor(
    certificates: readonly Certificate[],
    embedded: readonly Certificate[],
  ): Promise<CollectedEvidence>;
}
