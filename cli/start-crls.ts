import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

import { CrlCache } from '../ca/crl/crl-cache.ts';
import { DEFAULT_CRL_POLICY } from '../ca/crl/crl-house.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import { CrlScheduler } from '../ca/crl/crl-scheduler.ts';
import type { LeaderLock } from '../ca/crl/leader-lock.ts';
import { Pulse } from '../ca/crl/pulse.ts';
import type { Clock } from '../core/clock.ts';
import { isAddressInForce } from '../db/is-address-in-force.ts';
import { crlAuthorities } from './crl-authorities.ts';
import { crlMetrics } from './crl-metrics.ts';
import { DEFAULT_CRL_SWITCHES } from './crl-settings.ts';
import type { CrlSettings } from './crl-settings.ts';
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

export interface CrlsOptions extends Partial<CrlSettings> {
  publicUrl: string;
  crlLock: LeaderLock;
  profiles: Profiles;
  registry: Registry;
  clock: Clock;
  logger: Logger;
}

/**
 * Starts issuing and serving CRLs; resolves when each authority has those that were due. Throws what `crlAuthorities` throws
 * about the switches.
 */
export async function startCrls(
  options: CrlsOptions,
  stores: Stores,
  hierarchy: Hierarchy,
): Promise<RunningCrls> {
  const { clock, logger, publicUrl, profiles, registry, crls: switches = DEFAULT_CRL_SWITCHES } = options;
  const authorities = await crlAuthorities({
    authorities: [...hierarchy.issuing.values()],
    switches,
    profiles,
    publicUrl,
    isAddressInForce: (authorityId, address) =>
      isAddressInForce(stores.database, { authorityId, address, now: clock.now() }),
  });
  const cache = new CrlCache(stores.crls);
  const { archiveDays } = DEFAULT_CRL_POLICY;
  const policy = { ...DEFAULT_CRL_POLICY, archiveDays: options.crlArchiveDays ?? archiveDays };
  const metrics = crlMetrics(registry, { cache, clock, policy, authorities });
  const scheduler = new CrlScheduler({
    house: {
      publicUrl,
      clock,
      authorities,
      policy,
      cache,
      source: stores.crlStatuses,
      store: stores.crls,
      transactions: stores.database,
      audit: stores.audit,
      onIssued: metrics.onIssued,
    },
    lock: options.crlLock,
    onFailure: (error) => {
      metrics.onFailure(error);
      logger.error({ err: error }, 'CRL fault');
    },
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
