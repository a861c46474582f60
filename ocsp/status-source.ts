import type { CertificateStatus, StatusChange } from '../pki/certificate-status.ts';

/** What the index keeps of a certificate beside its status. */
export interface IssuedCertificate {
  /** SHA-256 over the certificate, 32 octets. */
  certHash: Buffer;
  notAfter: Date;
}

/** A certificate as it stands: its status after the change that `changeNumber` names. */
export interface StatusRecord extends IssuedCertificate {
  /** Contents octets, at most 20. */
  serialNumber: Buffer;
  /** Number of the certificate's last change. */
  changeNumber: number;
  status: CertificateStatus;
}

/** One row of the status history; an `issued` comes with its certificate. */
export interface SourcedStatusChange extends StatusChange {
  issued?: IssuedCertificate;
}

/**
 * The status history, to be read only: the responder's process holds nothing that could write.
 * Reads never go back: a call shows everything that an earlier call showed. Each rejects when the store is not to be had.
 */
export interface OcspStatusSource {
  /** Number of the last committed change of the deployment; 0 before the first. */
  lastChangeNumber(): Promise<number>;
  /** All certificates of an authority in batches, with everything that was committed before the call. */
  loadAll(authorityId: string): AsyncIterable<readonly StatusRecord[]>;
  /** The first `limit` changes of the deployment whose numbers are greater, in their order, without a gap. */
  changesAfter(changeNumber: number, limit: number): Promise<readonly SourcedStatusChange[]>;
}
