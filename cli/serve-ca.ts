import { pino } from 'pino';

import { buildStatusApp } from '../api/status-app.ts';
import { systemClock } from '../core/clock.ts';
import { PgLeaderLock } from '../db/pg-leader-lock.ts';
import { openCaHouse } from './house/ca-house.ts';
import { listen } from './listen.ts';
import { makeLogger } from './logger.ts';
import { openAsMember } from './open-as-member.ts';
import { readyLine } from './ready-line.ts';
import type { Settings } from './settings.ts';
import { closeAll, untilStopped } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';

/** `mohr serve --roles ca`: has the keys of the CAs, and answers nobody but who watches it: health, readiness, metrics. */
export async function serveCa(settings: Settings): Promise<number> {
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  try {
    const opened = await openAsMember(settings, logger, closers);
    const crlLock = new PgLeaderLock(settings.databaseUrl!, 'crl');
    const options = { ...settings, opened, crlLock, clock: systemClock, logger };
    const services = await openCaHouse(options, closers);
    const app = await buildStatusApp(services, logger);
    closers.unshift(() => app.close());
    await listen(app, settings);
    const stopped = untilStopped(closers, logger);
    process.stdout.write(readyLine(settings));
    await stopped;
    return 0;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
