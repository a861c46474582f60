import type { Transaction } from '../../core/transaction.ts';

export interface TimeStampingUnitRecord {
  authorityId: string;
  /** DER. */
  certificate: Buffer;
  keyReference: string;
  notBefore: Date;
  notAfter: Date;
}

/** The keys that this deployment stamps with. */
export interface TimeStampingUnitStore {
  insert(tx: Transaction, unit: TimeStampingUnitRecord): Promise<void>;
  /** Those that are neither expired nor revoked or on hold, newest first. */
  list(tx: Transaction, now: Date): Promise<TimeStampingUnitRecord[]>;
}
