import { join } from 'node:path';

import { migrate } from '../db/migrate.ts';
import { openEmbedded } from '../db/open-embedded.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import type { Settings } from './settings.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

type DatabaseSettings = Pick<Settings, 'databaseUrl' | 'dataDirectory'>;

/** Opens the deployment's database, brought to the newest schema. */
export async function openDatabase({ databaseUrl, dataDirectory }: DatabaseSettings): Promise<OpenedPool> {
  const opened = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDirectory);
  await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
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
