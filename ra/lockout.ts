import type { Clock } from '../core/clock.ts';
import type { Transaction, TransactionRunner } from '../core/transaction.ts';
import { RaError } from './ra-error.ts';

/** How many failures of one subject lock it, counted within how long, and for how long. */
export interface LockoutRule {
  failuresMax: number;
  windowSeconds: number;
  lockSeconds: number;
}

export interface LockoutStore {
  countFailure(tx: Transaction, subject: string, rule: LockoutRule, now: Date): Promise<void>;
  /** Whether any of the subjects is locked. */
  isLocked(tx: Transaction, subjects: readonly string[], now: Date): Promise<boolean>;
  /** Forgets the failures of a subject that has proved itself. */
  clear(tx: Transaction, subject: string): Promise<void>;
}

const QUARTER_HOUR_SECONDS = 15 * 60;

/** A credential or an officer: nobody misses five times. An address: a whole office may stand behind one. */
const RULES: Readonly<Record<string, LockoutRule>> = {
  credential: { failuresMax: 5, windowSeconds: QUARTER_HOUR_SECONDS, lockSeconds: QUARTER_HOUR_SECONDS },
  officer: { failuresMax: 5, windowSeconds: QUARTER_HOUR_SECONDS, lockSeconds: QUARTER_HOUR_SECONDS },
  address: { failuresMax: 50, windowSeconds: QUARTER_HOUR_SECONDS, lockSeconds: QUARTER_HOUR_SECONDS },
};

/** Refusals that say that somebody tried to be who they are not. */
const FAILURES: readonly string[] = [
  'login-link-invalid',
  'assertion-invalid',
  'certificate-not-accepted',
  'sign-count-regression',
  'approval-invalid',
];

/**
 * Lets one attempt at proving who one is through unless one of its subjects (`address:…`, `credential:…`, `officer:…`) is
 * locked, and counts its failure against each. Failures are counted in a transaction of their own, since the attempt's is
 * rolled back. Throws RaError `locked-out`, and whatever the attempt throws.
 */
export async function attempting<T>(
  {
    lockouts,
    transactions,
    clock,
  }: { lockouts: LockoutStore; transactions: TransactionRunner; clock: Clock },
  subjects: readonly string[],
  attempt: () => Promise<T>,
): Promise<T> {
  const isLocked = await transactions.transaction((tx) => lockouts.isLocked(tx, subjects, clock.now()));
  if (isLocked)
    throw new RaError('locked-out', 'too many failed attempts; try again in a quarter of an hour');
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof RaError && FAILURES.includes(error.code))
      await transactions.transaction(async (tx) => {
        for (const subject of subjects)
          await lockouts.countFailure(tx, subject, RULES[subject.split(':', 1)[0]], clock.now());
      });
    throw error;
  }
}
