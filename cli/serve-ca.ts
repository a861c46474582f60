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
import { startTracing } from './tracing/start-tracing.ts';
import { assertRestored } from './transparency/guarded-start.ts';
import { recordStart } from './transparency/record-start.ts';
import { stopWhenRolledBack } from './transparency/stop-when-rolled-back.ts';
import { closeAll, untilStopped } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

/** `mohr serve --roles ca`: has the keys of the CAs, and answers nobody but who watches it: health, readiness, metrics. */
export async function serveCa(settings: Settings): Promise<number> {
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  const stopping = new AbortController();
  const traces = startTracing(settings, { clock: systemClock, logger });
  closers.unshift(async () => traces?.close());
  try {
    const opened = await openAsMember(settings, logger, closers);
    await waitFor(logger, () => assertRestored({ settings, opened, clock: systemClock, logger }));
    const crlLock = new PgLeaderLock(settings.databaseUrl!, 'crl');
    const rollback = stopWhenRolledBack(logger);
    const options = { ...settings, ...rollback, opened, crlLock, clock: systemClock, logger };
    const { services, records } = await openCaHouse(options, closers);
    await recordStart(records, settings);
    const app = await buildStatusApp(services, {
      logger,
      stopping: stopping.signal,
      ...(traces && { tracer: traces.tracer }),
    });
    closers.unshift(() => app.close());
    await listen(app, settings);
    const stopped = untilStopped(closers, { ...settings, logger, stopping, servers: [app.server] });
    process.stdout.write(readyLine(settings));
    await stopped;
    return rollback.exitCode();
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
