import type { Transaction } from '../../core/transaction.ts';
import type { OfficerId } from '../officer.ts';
import type { OfficerChangeId } from '../offices/officer-change.ts';

export interface OfficerCertificate {
  sha256: Buffer;
  authorityId: string;
  serialNumber: Buffer;
  /** DER. */
  bytes: Buffer;
  notBefore: Date;
  notAfter: Date;
  /** By the status history: neither revoked nor on hold. */
  isGood: boolean;
}

/** Which certificate is which officer's. */
export interface OfficerCertificateStore {
  /** Nothing changes when it is there. */
  insert(tx: Transaction, sha256: Buffer, officerId: OfficerId, changeId: OfficerChangeId): Promise<void>;
  /** Newest first. */
  listOf(officerId: OfficerId): Promise<OfficerCertificate[]>;
  /** Confirmed changes whose certificate is not there yet. */
  unfinished(): Promise<OfficerChangeId[]>;
}
