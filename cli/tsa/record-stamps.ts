import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { StampCount } from '../../tsa/stamp-tally.ts';
import { SERVICE } from '../service-actor.ts';

export interface StampRecords {
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

/** One event for all that was stamped in a minute: no hash that was stamped, and nobody who asked. */
export function recordStamps({ audit, transactions, clock }: StampRecords) {
  return ({ count, firstGenTime, lastGenTime, tokensSha256 }: StampCount): Promise<void> =>
    transactions.transaction((tx) =>
      audit.record(tx, {
        at: clock.now(),
        actor: SERVICE,
        action: 'issue-time-stamps',
        outcome: 'accepted',
        subject: `time-stamps:${firstGenTime.toISOString()}`,
        details: { count, lastGenTime: lastGenTime.toISOString(), tokensSha256 },
      }),
    );
}
