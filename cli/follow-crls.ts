import type { Logger } from 'pino';

import { CrlCache } from '../ca/crl/crl-cache.ts';
import { Pulse } from '../ca/crl/pulse.ts';
import type { Database } from '../db/database.ts';
import { PgCrlStore } from '../db/pg-crl-store.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

/** CRLs of others are fetched as often as their makers look after them. */
const CRLS_MILLISECONDS = 1_000;

/** Keeps the CRLs that another process issues; resolves when they can be read. */
export async function followCrls(logger: Logger, database: Database, closers: Closers): Promise<CrlCache> {
  const published = new CrlCache(new PgCrlStore(database));
  await waitFor(logger, () => published.refresh());
  const onFault = (err: unknown) => logger.warn({ err }, 'CRLs cannot be fetched');
  const pulse = new Pulse({
    intervalMilliseconds: CRLS_MILLISECONDS,
    work: () => published.refresh().catch(onFault),
  });
  pulse.wake();
  closers.unshift(() => pulse.stop());
  return published;
}
