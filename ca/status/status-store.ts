import type { Transaction } from '../../core/transaction.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';

export type NewStatusChange = Omit<StatusChange, 'changeNumber'> & {
  /** Who or what asked for it, as the audit event says it: `officer:<id>`, `council-order:<number>`. */
  requestedBy: string;
};

/**
 * The one status history. `append` gives the change its number under a lock that the transaction holds until
 * it ends, so numbers are gapless and in the order of commits, and a reader who has n has all before n.
 */
export interface StatusStore {
  /** Takes the history's lock, then reads: what the caller decides on this cannot change before its commit. */
  lockAndRead(tx: Transaction, authorityId: string, serialNumber: Buffer): Promise<StatusChange[]>;
  append(tx: Transaction, change: NewStatusChange): Promise<StatusChange>;
}

/** The same for batches: the counter is advanced once, by their number. */
export interface StatusBatchStore {
  /** Takes the history's lock, then reads the last change of each certificate that has one. */
  lockAndReadLast(tx: Transaction, certificates: readonly CertificateId[]): Promise<StatusChange[]>;
  /** Appends under consecutive numbers, in the order of the batch. */
  appendAll(tx: Transaction, changes: readonly NewStatusChange[]): Promise<StatusChange[]>;
}

export type CertificateId = Pick<StatusChange, 'authorityId' | 'serialNumber'>;
