import { setTimeout as delay } from 'node:timers/promises';

import type { PgTransparencyLog } from '../../db/pg-transparency-log.ts';
import type { LogPublisher } from './open-log.ts';

const LOOK_MILLISECONDS = 200;
/** Fifteen seconds: as long as an officer waits for a certificate of the same process. */
const LOOKS_MAX = 75;

/**
 * The log that another process orders and signs: told that somebody waits, it signs within a second. Resolves when there is a newer
 * checkpoint, and also when there is none in time: whoever needs it finds out.
 */
export function distantLog(
  log: Pick<PgTransparencyLog, 'askForCheckpoint' | 'latestCheckpoint'>,
): LogPublisher {
  const sizeNow = async () => (await log.latestCheckpoint())?.size;
  return {
    publish: async () => {
      const before = await sizeNow();
      await log.askForCheckpoint();
      for (let look = 0; look < LOOKS_MAX && (await sizeNow()) === before; look += 1)
        await delay(LOOK_MILLISECONDS);
    },
  };
}
