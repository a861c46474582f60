import { join } from 'node:path';

import { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { openEmbedded } from '../db/open-embedded.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgNodeView } from '../db/pg-node-view.ts';
import { assertMigrated } from './assert-migrated.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import type { Settings } from './settings.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

type DatabaseSettings = Pick<Settings, 'databaseUrl' | 'dataDirectory'>;

/**
 * Opens the deployment's database, brought to the newest schema. Where it has that, nothing is asked of it that a user who may not
 * migrate, an auditor for one, could not ask.
 */
export async function openDatabase({ databaseUrl, dataDirectory }: DatabaseSettings): Promise<OpenedPool> {
  const opened = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDirectory);
  const isCurrent = await assertMigrated(new PgNodeView(new Database(opened.pool))).then(
    () => true,
    () => false,
  );
  if (!isCurrent) await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
  return opened;
}

/** Does a piece of work on the deployment's database, and closes it. */
export async function withStores<T>(
  settings: DatabaseSettings,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const opened = await openDatabase(settings);
  try {
    return await work(openStores(opened));
  } finally {
    await opened.close();
  }
}
