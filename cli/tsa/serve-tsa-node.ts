import { join } from 'node:path';

import { pino } from 'pino';
import type { Logger } from 'pino';

import { buildStatusApp } from '../../api/status-app.ts';
import type { StatusServices } from '../../api/status-app.ts';
import { systemClock } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import { lockDataDirectory } from '../../db/lock-data-directory.ts';
import type { StampCount } from '../../tsa/stamp-tally.ts';
import { certificateExpiries } from '../certificate-expiries.ts';
import { evaluationNames } from '../deployment-names.ts';
import { KeyStore } from '../key-store.ts';
import { listen } from '../listen.ts';
import { makeLogger } from '../logger.ts';
import { openMetrics } from '../metrics.ts';
import type { Settings } from '../settings.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { closeAll, untilStopped } from '../until-stopped.ts';
import type { Closers } from '../until-stopped.ts';
import { nodeUnit } from './node-unit.ts';
import { openTsa } from './open-tsa.ts';

/** `mohr serve --roles tsa`: stamps with keys of its own, and needs no database. */
export async function serveTsaNode(settings: Settings): Promise<number> {
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  const stopping = new AbortController();
  const traces = startTracing(settings, { clock: systemClock, logger });
  closers.unshift(async () => traces?.close());
  try {
    // The mark of the last time stamp belongs to one process.
    closers.unshift(await lockDataDirectory(settings.dataDirectory));
    const services = await openTsaNode({ settings, clock: systemClock, logger }, closers);
    const app = await buildStatusApp(services, {
      logger,
      stopping: stopping.signal,
      ...(traces && { tracer: traces.tracer }),
    });
    closers.unshift(() => app.close());
    await listen(app, settings);
    const stopped = untilStopped(closers, { ...settings, logger, stopping, servers: [app.server] });
    process.stdout.write(
      `mohr is ready on ${settings.host}:${settings.port} as tsa (${settings.nodeName})\n`,
    );
    await stopped;
    return 0;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

export interface TsaNodeOptions {
  settings: Settings;
  clock: Clock;
  logger: Logger;
  monotonicMilliseconds?: () => number;
}

/** Opens the node's keys and its authority; what has to be closed goes to `closers`. */
export async function openTsaNode(
  { settings, clock, logger, monotonicMilliseconds }: TsaNodeOptions,
  closers: Closers,
): Promise<StatusServices> {
  const { dataDirectory, publicUrl } = settings;
  const keys = await KeyStore.open(join(dataDirectory, 'keys'), settings);
  closers.unshift(() => keys.close());
  const metrics = await openMetrics(settings);
  const tsa = openTsa({
    ...settings,
    tsaClock: settings.tsaClock ?? 'chrony',
    unit: nodeUnit({ dataDirectory, keys, clock }),
    record: async (count: StampCount) => logger.info({ ...count }, 'time stamps made'),
    oidArc: evaluationNames(publicUrl).oidArc,
    clock,
    logger,
    registry: metrics.registry,
    ...(monotonicMilliseconds && { monotonicMilliseconds }),
  });
  closers.unshift(() => tsa.close());
  certificateExpiries(metrics.registry, () => tsa.ownCertificates());
  return { clock, metrics: metrics.endpoint, tsa, readiness: { tsa: () => tsa.assertReady() } };
}
