import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

import { DomainError, errorCode } from '../core/errors.ts';

const PAUSE_MILLISECONDS = 1_000;

/** What passes without us: somebody starts the database, migrates it, or enrols our keys. */
const PASSING = [
  'database-unreachable',
  'schema-not-ready',
  'authority-missing',
  'responder-missing',
  'status-source-failed',
  'log-behind',
];

/** SQLSTATE insufficient_privilege: the role has not got its grants yet. */
const NOT_GRANTED = '42501';

/**
 * Tries again until it works, and says in the log what is waited for, once for each reason. What does not pass by itself is
 * rejected with at once.
 */
export async function waitFor<T>(logger: Logger, attempt: () => Promise<T>): Promise<T> {
  for (let reason = ''; ;) {
    try {
      return await attempt();
    } catch (error) {
      const current = passingReason(error);
      if (current === undefined) throw error;
      if (current !== reason) logger.warn(`waiting: ${current}`);
      reason = current;
    }
    await delay(PAUSE_MILLISECONDS);
  }
}

function passingReason(error: unknown): string | undefined {
  if (error instanceof DomainError && PASSING.includes(String(error.code))) return error.detail;
  if (errorCode(error) === NOT_GRANTED)
    return 'the database user may not read what this role needs: make it a member of the role, and run `mohr migrate`';
  return undefined;
}
