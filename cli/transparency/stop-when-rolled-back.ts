import type { Logger } from 'pino';

import type { AuditError } from '../../audit/audit-error.ts';

/**
 * Ends this process when its database was replaced by an older one: whatever it knows is of another history, and the next start
 * answers nothing until it is replayed.
 */
export function stopWhenRolledBack(logger: Logger): {
  onRolledBack: (error: AuditError) => void;
  /** With which it ends. */
  exitCode: () => number;
} {
  let isRolledBack = false;
  return {
    onRolledBack: (err) => {
      if (isRolledBack) return;
      isRolledBack = true;
      logger.fatal({ err }, 'the database was replaced by an older one');
      process.kill(process.pid, 'SIGTERM');
    },
    exitCode: () => Number(isRolledBack),
  };
}
