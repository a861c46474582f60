import type { Transaction } from '../../core/transaction.ts';
import type { HoldCause, HoldCauseId, OfficerCause } from './hold-cause.ts';

/** A cause that has stood for too long, on a certificate that is on hold. */
export type OverdueHold = HoldCause & { cause: OfficerCause; lastChangeNumber: number };

/** A cause, and who lifted it when. */
export type RecordedCause = HoldCause & { lifted?: { at: Date; by: string } };

/**
 * The record of causes beside the status history. Whoever writes has the history's lock, so what `standing` has said does not
 * change before the commit.
 */
export interface HoldStore {
  /** Causes that nobody has lifted, oldest first. */
  standing(tx: Transaction, authorityId: string, serialNumber: Buffer): Promise<HoldCause[]>;
  lay(tx: Transaction, cause: HoldCause): Promise<void>;
  lift(tx: Transaction, id: HoldCauseId, liftedAt: Date, liftedBy: string): Promise<void>;
  /** The same as `standing`, for who only looks. */
  causesOf(authorityId: string, serialNumber: Buffer): Promise<HoldCause[]>;
  /** Every cause that was ever laid on a certificate, oldest first. */
  recordOf(authorityId: string, serialNumber: Buffer): Promise<RecordedCause[]>;
  /** Causes other than the Council's that were laid at or before a moment and stand. */
  overdue(laidUntil: Date, now: Date, limit: number): Promise<OverdueHold[]>;
}
