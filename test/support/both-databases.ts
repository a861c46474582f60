import { fileURLToPath } from 'node:url';

import { PGlite } from '@electric-sql/pglite';
import type { Test } from 'tap';

import { Database } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { createTestDatabase } from './postgres.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface OpenedDatabase {
  database: Database;
  opened: OpenedPool;
}

/** Runs the same tests on the embedded database and on a real PostgreSQL, each fresh and migrated. */
export async function onBothDatabases(
  t: Test,
  run: (t: Test, open: OpenedDatabase) => Promise<void>,
): Promise<void> {
  await t.test('on PGlite', async (part) => {
    await withPool(part, await openPool(await PGlite.create(), async () => undefined), run);
  });
  await onPostgres(t, run);
}

/** Runs tests on a real PostgreSQL only: where the embedded database has nothing of its own to say. */
export async function onPostgres(
  t: Test,
  run: (t: Test, open: OpenedDatabase) => Promise<void>,
): Promise<void> {
  await t.test('on PostgreSQL', async (part) => {
    const { url } = await createTestDatabase(part);
    await withPool(part, await openPostgres(url), run);
  });
}

async function withPool(
  t: Test,
  opened: OpenedPool,
  run: (t: Test, open: OpenedDatabase) => Promise<void>,
): Promise<void> {
  await migrate(opened.pool, MIGRATIONS);
  try {
    await run(t, { database: new Database(opened.pool), opened });
  } finally {
    await opened.close();
  }
}
