import type { Transaction } from '../../core/transaction.ts';

/** What a unit is for: to stamp times, to seal what the service itself says. */
export type ServicePurpose = 'time-stamping' | 'seal';

export interface ServiceUnitRecord {
  purpose: ServicePurpose;
  authorityId: string;
  /** DER. */
  certificate: Buffer;
  keyReference: string;
  notBefore: Date;
  notAfter: Date;
}

/** The service's own keys beside those of authorities and responders, each with its certificate. */
export interface ServiceUnitStore {
  insert(tx: Transaction, unit: ServiceUnitRecord): Promise<void>;
  /** Those that are neither expired nor revoked or on hold, newest first; of one purpose, or of all. */
  list(tx: Transaction, now: Date, purpose?: ServicePurpose): Promise<ServiceUnitRecord[]>;
}
