import { join } from 'node:path';

import type { StatusServices } from '../api/status-app.ts';
import { DomainError } from '../core/errors.ts';
import { Database } from '../db/database.ts';
import { PgNodeView } from '../db/pg-node-view.ts';
import { assertSchemaUsable } from '../db/schema-requirements.ts';
import type { KnownAuthority } from '../db/pg-node-view.ts';
import { assertMigrated } from './assert-migrated.ts';
import { followCrls } from './follow-crls.ts';
import { openNodeOcsp } from './node-ocsp.ts';
import type { StatusNodeOptions } from './node-ocsp.ts';
import { openMetrics } from './metrics.ts';
import { assertRestored } from './transparency/guarded-start.ts';
import { rememberLog } from './transparency/remember-log.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { poolMetrics } from './pool-metrics.ts';
import { closeAll } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

export interface StatusNode {
  services: StatusServices;
  /** Takes over responder certificates that were issued meanwhile; it looks by itself, too. */
  lookForResponders(): Promise<void>;
  /** Stops what runs; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

/**
 * Opens a node that tells statuses: it reads the database, holds its own responder keys and no key of a CA. Resolves when
 * its answers are current; until then it waits for the database, its schema, its grants and its first responder certificates.
 */
export async function openStatusNode(options: StatusNodeOptions): Promise<StatusNode> {
  const { settings, opened, clock, logger } = options;
  const database = new Database(opened.pool);
  const view = new PgNodeView(database);
  const closers: Closers = [];
  await waitFor(logger, () => assertMigrated(view));
  await assertSchemaUsable(opened.pool, join(PACKAGE_ROOT, 'migrations'));
  await waitFor(logger, () => assertRestored(options));
  closers.unshift(rememberLog(options));
  const { endpoint, registry } = await openMetrics(settings);
  const services: StatusServices = { clock, readiness: {}, metrics: endpoint };
  let lookForResponders = async (): Promise<void> => undefined;
  if (settings.roles.has('ocsp')) {
    const { ocsp, reload, metrics } = await openNodeOcsp(options, database, view, closers);
    services.metrics = metrics.endpoint;
    lookForResponders = reload;
    services.ocspResponder = ocsp.responder;
    // Not whether the database is there: a node that lost it answers rightly for as long as its answers are valid.
    services.readiness = { ...services.readiness, ocsp: async () => assertCurrent(ocsp.responder.isCurrent) };
  } else poolMetrics(registry, opened.pool);
  if (settings.roles.has('crl')) {
    const published = await followCrls(logger, database, closers);
    services.crls = { published, authorities: await waitFor(logger, () => listAuthorities(view)) };
    services.readiness = {
      ...services.readiness,
      crl: async () => assertCurrent(published.heads().length > 0),
    };
  }
  return {
    services,
    lookForResponders,
    close: () => closeAll(closers),
  };
}

/** Throws DomainError `authority-missing` before the first ceremony. */
async function listAuthorities(view: PgNodeView): Promise<KnownAuthority[]> {
  const authorities = await view.listAuthorities();
  if (authorities.length > 0) return authorities;
  throw new DomainError('authority-missing', 'no CA is recorded in the database yet');
}

function assertCurrent(isCurrent: boolean): void {
  if (!isCurrent) throw new DomainError('status-not-current', 'nothing current is known');
}
