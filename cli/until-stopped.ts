import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';

const SHUTDOWN_MILLISECONDS_MAX = 10_000;

/** What a process has opened, the last first: the order in which it is closed. */
export type Closers = (() => Promise<unknown>)[];

/** Resolves when a signal or an error that nobody expected has stopped everything. */
export function untilStopped(closers: Readonly<Closers>, logger: Logger): Promise<void> {
  return new Promise<void>((stopped) => {
    closeWithGrace({ delay: SHUTDOWN_MILLISECONDS_MAX, logger: false }, async ({ err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error');
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
