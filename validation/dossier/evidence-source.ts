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

/** The transparency log that the service's own certificates are in. */
export interface IssuanceLog {
  /** That the certificate's issuance is in the log, as text (c2sp.org/tlog-proof); undefined where it is no certificate of this house. */
  proofOf(certificate: Certificate): Promise<string | undefined>;
  /** Keys of the log, as verifiers are told them. */
  keys(): Promise<string[]>;
}
