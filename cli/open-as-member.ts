import { join } from 'node:path';

import type { Logger } from 'pino';

import { Database } from '../db/database.ts';
import { lockDataDirectory } from '../db/lock-data-directory.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgNodeView } from '../db/pg-node-view.ts';
import { assertSchemaUsable } from '../db/schema-requirements.ts';
import { assertMigrated } from './assert-migrated.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import type { Settings } from './settings.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

/** The deployment's database as a member of a role: waits for the server, for its schema and for its grants, and migrates nothing. */
export async function openAsMember(
  { databaseUrl, dataDirectory }: Settings,
  logger: Logger,
  closers: Closers,
): Promise<OpenedPool> {
  if (databaseUrl === undefined) throw new Error('checked by faultsOfNode');
  closers.unshift(await lockDataDirectory(dataDirectory));
  const opened = await waitFor(logger, () => openPostgres(databaseUrl));
  closers.unshift(() => opened.close());
  const view = new PgNodeView(new Database(opened.pool));
  await waitFor(logger, () => assertMigrated(view));
  await assertSchemaUsable(opened.pool, join(PACKAGE_ROOT, 'migrations'));
  return opened;
}
