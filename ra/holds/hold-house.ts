import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { StatusChangeRequest } from '../status-change-request.ts';
import type { HoldStore } from './hold-store.ts';

/** Declared here, satisfied by a certification authority. */
export interface HolderStatusChanger {
  /** Takes the history's lock, then reads it: what the caller decides on this cannot change before its commit. */
  lockHistory(tx: Transaction, authorityId: string, serialNumber: Buffer): Promise<StatusChange[]>;
  /**
   * Holds, releases or revokes with its event in the caller's transaction. `after` is the number of the change that must still
   * be the certificate's last: rejects when it is not.
   */
  changeStatusIn(
    tx: Transaction,
    request: StatusChangeRequest & { after?: number },
    actor: AuditActor,
  ): Promise<StatusChange>;
  /** Resolves when every change that is durable now can be seen from outside. */
  whenVisible(): Promise<void>;
}

/** What laying and lifting causes works with. */
export interface HoldHouse {
  holds: HoldStore;
  holderStatus: HolderStatusChanger;
  audit: AuditLog;
  clock: Clock;
}
