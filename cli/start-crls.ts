import type { Logger } from 'pino';

import { CrlCache } from '../ca/crl/crl-cache.ts';
import { DEFAULT_CRL_POLICY } from '../ca/crl/crl-house.ts';
import { CrlScheduler } from '../ca/crl/crl-scheduler.ts';
import type { LeaderLock } from '../ca/crl/leader-lock.ts';
import { Pulse } from '../ca/crl/pulse.ts';
import type { Clock } from '../core/clock.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';

/** CRLs are looked after once a second; a status change wakes them sooner. */
const PULSE_MILLISECONDS = 1_000;

export interface RunningCrls {
  cache: CrlCache;
  /** Something may have changed. */
  wake(): void;
  close(): Promise<void>;
}

/** Starts issuing and serving CRLs; resolves when each authority has those that were due. */
export async function startCrls(
  options: { publicUrl: string; crlLock: LeaderLock; clock: Clock; logger: Logger },
  stores: Stores,
  hierarchy: Hierarchy,
): Promise<RunningCrls> {
  const cache = new CrlCache(stores.crls);
  const authorities = [...hierarchy.issuing.values()];
  const scheduler = new CrlScheduler({
    house: {
      ...options,
      authorities: authorities.map((authority) => ({
        authority,
        complete: true,
        shards: true,
        delta: false,
      })),
      policy: DEFAULT_CRL_POLICY,
      source: stores.crlStatuses,
      store: stores.crls,
      cache,
      transactions: stores.database,
      audit: stores.audit,
    },
    lock: options.crlLock,
    onFailure: (error) => options.logger.error({ err: error }, 'CRL fault'),
  });
  await scheduler.tick();
  const pulse = new Pulse({ intervalMilliseconds: PULSE_MILLISECONDS, work: () => scheduler.tick() });
  pulse.wake();
  return {
    cache,
    wake: () => pulse.wake(),
    close: async () => {
      await pulse.stop();
      await scheduler.close();
    },
  };
}
