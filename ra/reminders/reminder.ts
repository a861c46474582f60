import type { Transaction } from '../../core/transaction.ts';
import type { HolderContact, HolderId } from '../holders/holder.ts';

/** Days before expiry on which a holder is reminded. */
type ReminderDays = 90 | 30 | 7;

/** A certificate whose holder is to be reminded now. */
export interface DueReminder {
  authorityId: string;
  serialNumber: Buffer;
  notAfter: Date;
  daysBefore: ReminderDays;
  holderId: HolderId;
  contact: HolderContact;
}

export interface ReminderStore {
  /**
   * Certificates of holders that expire within the days of a reminder that was not sent, are not revoked, and have no successor;
   * of those whose next day has come, the nearest one only: who was away for two months gets one message.
   */
  due(now: Date, limit: number): Promise<DueReminder[]>;
  /** False when another process has done it. */
  insert(tx: Transaction, due: DueReminder, messages: number, at: Date): Promise<boolean>;
}
