import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

import { AuditError } from '../../audit/audit-error.ts';
import { buildStatusApp } from '../../api/status-app.ts';
import type { Clock } from '../../core/clock.ts';
import { Database } from '../../db/database.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { PgTransparencyLog } from '../../db/pg-transparency-log.ts';
import { ERROR_ANSWERS } from '../../ocsp/ocsp-answer.ts';
import { listen } from '../listen.ts';
import { readWitnesses } from './http-witness.ts';
import type { HttpWitness } from './http-witness.ts';
import { LogFolder } from './log-folder.ts';
import { assertLogStands } from './log-standing.ts';
import type { LogSettings } from './log-settings.ts';
import { folderOf } from './open-log.ts';

export interface GuardedStart {
  settings: Partial<LogSettings> & { dataDirectory: string; host: string; port: number };
  opened: OpenedPool;
  clock: Clock;
  logger: Logger;
  /** Resolves when the process is told to stop. */
  untilTold?: () => Promise<unknown>;
}

/** Whether the database was replayed meanwhile is looked at as often. */
const LOOK_MILLISECONDS = 2_000;

/** Holds the database against what is known of the log outside of it; throws what `assertLogStands` throws, and AuditError `witness-list`. */
export async function assertRestored(start: Omit<GuardedStart, 'untilTold'>): Promise<void> {
  await assertStands(start, await readWitnesses(start.settings.logWitnesses));
}

async function assertStands(
  { settings, opened, logger }: Omit<GuardedStart, 'untilTold'>,
  witnesses: readonly HttpWitness[],
): Promise<void> {
  await assertLogStands({
    transparency: new PgTransparencyLog(new Database(opened.pool)),
    folder: new LogFolder(folderOf(settings)),
    witnesses,
    onUnreachable: (err) => logger.warn({ err }, 'a witness of the log cannot be asked what it has seen'),
  });
}

/**
 * Resolves to true when the database is no older than what was published of it; before that every OCSP request is answered with
 * tryLater, there is no CRL, and nothing is issued or signed. False when the process was told to stop meanwhile. Throws AuditError
 * `witness-list`: that is a wrong setting, which no replay mends.
 */
export async function untilRestored(start: GuardedStart): Promise<boolean> {
  const witnesses = await readWitnesses(start.settings.logWitnesses);
  const fault = await faultOf(start, witnesses);
  if (!fault) return true;
  const { settings, clock, logger, untilTold = toldToStop } = start;
  process.stderr.write(
    `mohr serve: ${fault.detail}.\nAn older database was restored, or another history was put in its place. Nothing is answered or issued until\n  mohr audit replay ${folderOf(settings)}\nhas given it back what it lacks (docs/BACKUP.md); with the embedded database, stop this process first.\n`,
  );
  logger.fatal({ err: fault }, 'the database is not the one that the log was published from');
  const readiness = { log: () => Promise.reject(fault) };
  const ocspResponder = { answer: () => ERROR_ANSWERS.tryLater, hosts: () => true };
  const app = await buildStatusApp({ readiness, clock, ocspResponder }, { logger });
  await listen(app, settings);
  try {
    const told = untilTold().then(() => 'told' as const);
    for (;;) {
      if ((await Promise.race([told, delay(LOOK_MILLISECONDS)])) === 'told') return false;
      if (!(await faultOf(start, witnesses))) return true;
    }
  } finally {
    await app.close();
  }
}

async function faultOf(
  start: GuardedStart,
  witnesses: readonly HttpWitness[],
): Promise<AuditError | undefined> {
  try {
    await assertStands(start, witnesses);
    return undefined;
  } catch (error) {
    if (error instanceof AuditError) return error;
    throw error;
  }
}

async function toldToStop(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
}
