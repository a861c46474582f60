import type { Transaction } from '../core/transaction.ts';
import type { LockoutRule, LockoutStore } from '../ra/lockout.ts';
import { pg } from './pg-transaction.ts';

export class PgLockoutStore implements LockoutStore {
  async countFailure(tx: Transaction, subject: string, rule: LockoutRule, now: Date): Promise<void> {
    const { windowSeconds, failuresMax, lockSeconds } = rule;
    const windowStart = new Date(now.getTime() - windowSeconds * 1000);
    const lockedUntil = new Date(now.getTime() + lockSeconds * 1000);
    await pg(tx).execute({
      // What nobody has failed at for long is forgotten on the way.
      text: 'delete from sign_in_failure where first_at <= $1 and (locked_until is null or locked_until <= $2)',
      values: [windowStart, now],
    });
    await pg(tx).execute({
      text: `insert into sign_in_failure as f (subject, failures, first_at, locked_until)
        values ($1, 1, $2, null)
        on conflict (subject) do update set failures = f.failures + 1,
          locked_until = case when f.failures + 1 >= $3 then $4 else f.locked_until end`,
      values: [subject, now, failuresMax, lockedUntil],
    });
  }

  async isLocked(tx: Transaction, subjects: readonly string[], now: Date): Promise<boolean> {
    const rows = await pg(tx).query({
      text: 'select 1 from sign_in_failure where subject = any($1::text[]) and locked_until > $2 limit 1',
      values: [subjects, now],
    });
    return rows.length > 0;
  }

  async clear(tx: Transaction, subject: string): Promise<void> {
    await pg(tx).execute({ text: 'delete from sign_in_failure where subject = $1', values: [subject] });
  }
}
