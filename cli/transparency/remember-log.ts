import type { Logger } from 'pino';

import { Database } from '../../db/database.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { PgTransparencyLog } from '../../db/pg-transparency-log.ts';
import { AuditError } from '../../audit/audit-error.ts';
import type { Clock } from '../../core/clock.ts';
import { fatesOutside } from '../../audit/prune-checkpoints.ts';
import { assertBeginsWith } from '../../audit/sign-checkpoint.ts';
import { startPulse } from '../start-pulse.ts';
import { LogFolder } from './log-folder.ts';
import type { LogSettings } from './log-settings.ts';
import { LOG_SETTINGS } from './log-settings.ts';
import { folderOf } from './open-log.ts';

/** Keeps the newest checkpoint in the data directory of a node, so that its next start knows an older database; returns how to stop. */
export function rememberLog({
  settings,
  opened,
  clock,
  logger,
  onRolledBack,
}: {
  settings: Partial<LogSettings> & { dataDirectory: string };
  opened: OpenedPool;
  clock: Clock;
  logger: Logger;
  /** Told when the database is no longer the one of the checkpoint that is kept here. */
  onRolledBack?: (error: AuditError) => void;
}): () => Promise<void> {
  const log = new PgTransparencyLog(new Database(opened.pool));
  const folder = new LogFolder(folderOf(settings));
  const { checkpointSeconds = Number(LOG_SETTINGS.checkpointSeconds.fallback) } = settings;
  const pulse = startPulse(checkpointSeconds * 1000, async () => {
    try {
      const newest = await log.latestCheckpoint();
      if (!newest) return;
      const remembered = await folder.remembered();
      if (remembered) await assertBeginsWith(log, await log.treeSize(), remembered);
      await folder.remember(newest);
      await folder.thin((some) => fatesOutside({ transparency: log, clock }, some));
    } catch (err) {
      logger.error({ err }, 'the newest checkpoint of the log cannot be kept');
      if (err instanceof AuditError && ['log-behind', 'log-forked'].includes(err.code)) onRolledBack?.(err);
    }
  });
  return () => pulse.stop();
}
