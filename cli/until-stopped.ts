import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';

import { refuseNewConnections } from './refuse-new-connections.ts';
import type { StopSettings } from './stop-settings.ts';

/** From the end of draining on. */
const SHUTDOWN_MILLISECONDS_MAX = 10_000;

/** What a process has opened, the last first: the order in which it is closed. */
export type Closers = (() => Promise<unknown>)[];

export interface StopOptions extends StopSettings {
  logger: Logger;
  /** Told when stopping begins: `/ready` says no, and answers end their connections. */
  stopping?: AbortController;
  /** What balancers connect to. */
  servers?: readonly Server[];
  /** What this process closes drains by itself: nobody waits here, but it has the time. */
  isDrainedElsewhere?: boolean;
}

/**
 * Resolves when a signal or an error that nobody expected has stopped everything. A signal first lets balancers notice, while
 * everything is still answered; an error stops at once.
 */
export function untilStopped(
  closers: Readonly<Closers>,
  { logger, stopping, servers = [], drainSeconds, isDrainedElsewhere = false }: StopOptions,
): Promise<void> {
  const drainMilliseconds = drainSeconds * 1000;
  const options = { delay: drainMilliseconds + SHUTDOWN_MILLISECONDS_MAX, logger: false as const };
  return new Promise<void>((stopped) => {
    closeWithGrace(options, async ({ err }) => {
      stopping?.abort();
      if (err) logger.fatal({ err }, 'stopping after an error');
      else if (!isDrainedElsewhere && drainMilliseconds > 0) {
        await delay(drainMilliseconds);
        await refuseNewConnections(servers);
      }
      await closeAll(closers).catch((failure: unknown) => {
        logger.error({ err: failure }, 'stopping failed');
        throw failure;
      });
      stopped();
    });
  });
}

export async function closeAll(closers: Readonly<Closers>): Promise<void> {
  for (const close of closers) await close();
}
