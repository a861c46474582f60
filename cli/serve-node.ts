import { pino } from 'pino';

import { buildStatusApp } from '../api/status-app.ts';
import { systemClock } from '../core/clock.ts';
import { lockDataDirectory } from '../db/lock-data-directory.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { listen } from './listen.ts';
import { makeLogger } from './logger.ts';
import { isOcspWorker, startOcspWorkers } from './ocsp-workers.ts';
import { readyLine } from './ready-line.ts';
import type { Settings } from './settings.ts';
import { openStatusNode } from './status-node.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { closeAll, untilStopped } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

/** `mohr serve --roles …`: as `serve`, for a process that tells statuses and holds no key of a CA. It migrates nothing. */
export async function serveNode(settings: Settings): Promise<number> {
  const { roles, databaseUrl } = settings;
  if (!roles || databaseUrl === undefined) throw new Error('checked by faultsOfNode');
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  const stopping = new AbortController();
  try {
    if (!isOcspWorker()) closers.unshift(await lockDataDirectory(settings.dataDirectory));
    if (settings.ocspWorkers > 1 && !isOcspWorker()) {
      const workers = await startOcspWorkers({ workers: settings.ocspWorkers, logger });
      closers.unshift(() => workers.stop());
      const stopped = untilStopped(closers, { ...settings, logger, isDrainedElsewhere: true });
      process.stdout.write(readyLine(settings));
      await stopped;
      return 0;
    }
    const traces = startTracing(settings, { clock: systemClock, logger });
    closers.unshift(async () => traces?.close());
    const opened = await waitFor(logger, () => openPostgres(databaseUrl, { readOnly: true }));
    closers.unshift(() => opened.close());
    const node = await openStatusNode({
      settings: { ...settings, roles },
      opened,
      clock: systemClock,
      logger,
    });
    closers.unshift(() => node.close());
    const app = await buildStatusApp(node.services, {
      logger,
      stopping: stopping.signal,
      trustedProxies: settings.trustedProxies,
      ...(traces && { tracer: traces.tracer }),
    });
    closers.unshift(() => app.close());
    await listen(app, settings);
    const stopped = untilStopped(closers, { ...settings, logger, stopping, servers: [app.server] });
    if (!isOcspWorker()) process.stdout.write(readyLine(settings));
    await stopped;
    return 0;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
