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
  /** When it was written, just before its commit, by the clock of the database; absent on what is older than the column. */
  recordedAt?: Date;
}

/** Part of a load; certificates come before changes of them. */
export interface LoadedStatuses {
  authorityId: string;
  /** Packed one after the other, as in `packed-status.ts`. */
  certificates?: Buffer;
  /** The packed change parts of certificates that came before, in the order of their numbers. */
  changes?: Buffer;
}

/** How far a source knew the history when it was asked. */
export interface SourceKnowledge {
  /**
   * Everything that was committed until then is in the answer, by the clock of the database. Absent from the primary: there
   * it is the moment of the question itself.
   */
  knownAt?: Date;
}

export interface StatusReading extends SourceKnowledge {
  changes: readonly SourcedStatusChange[];
}

export interface LookedUpStatuses extends SourceKnowledge {
  /** Those of the certificates asked for that were issued, packed as they stand, in any order. */
  certificates: Buffer;
}

/**
 * The status history, to be read only: the responder's process holds nothing that could write.
 * Each call sees one moment of the history as a whole, and rejects when the store is not to be had.
 */
export interface OcspStatusSource {
  /** Tells all certificates of the authorities, perhaps again from the start, and resolves to the last change in them. */
  loadAll(authorityIds: readonly string[], take: (part: LoadedStatuses) => void): Promise<number>;
  /** The first `limit` changes of the deployment whose numbers are greater, in their order, without a gap. */
  changesAfter(changeNumber: number, limit: number): Promise<StatusReading>;
  /** Certificates of one authority as they stand now. */
  lookUp(authorityId: string, serialNumbers: readonly Buffer[]): Promise<LookedUpStatuses>;
}
