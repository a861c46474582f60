import type { Test } from 'tap';

import { Database } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { createTestDatabase } from './postgres.ts';
import { MIGRATIONS, copyPreparedKeys, embeddedAt, postgresTemplate } from './prepared-starts.ts';
import type { Start } from './prepared-starts.ts';
import { temporaryFolder } from './temporary-folder.ts';

export { MIGRATIONS };

export interface OpenedDatabase {
  database: Database;
  opened: OpenedPool;
  /** A data directory of this test alone; after a first start, with its keys. */
  dataDirectory: string;
}

type Run = (t: Test, open: OpenedDatabase) => Promise<void>;

/** Runs the same tests on the embedded database and on a real PostgreSQL, each fresh and migrated. */
export async function onBothDatabases(t: Test, run: Run, start: Start = 'migrated'): Promise<void> {
  await t.test('on PGlite', async (part) => {
    const dataDirectory = dataDirectoryAt(start, 'embedded', part);
    const opened = await openPool(await embeddedAt(start), async () => undefined);
    await withPool(part, { opened, dataDirectory }, run);
  });
  await onPostgres(t, run, start);
}

/** Runs tests on a real PostgreSQL only: where the embedded database has nothing of its own to say. */
export async function onPostgres(t: Test, run: Run, start: Start = 'migrated'): Promise<void> {
  await t.test('on PostgreSQL', async (part) => {
    const dataDirectory = dataDirectoryAt(start, 'postgres', part);
    const { url } = await createTestDatabase(part, postgresTemplate(start));
    await withPool(part, { opened: await openPostgres(url), dataDirectory }, run);
  });
}

function dataDirectoryAt(start: Start, kind: 'embedded' | 'postgres', t: Test): string {
  const dataDirectory = temporaryFolder(t);
  if (start === 'first-start') copyPreparedKeys(kind, dataDirectory);
  return dataDirectory;
}

async function withPool(
  t: Test,
  { opened, dataDirectory }: Omit<OpenedDatabase, 'database'>,
  run: Run,
): Promise<void> {
  if (postgresTemplate('migrated') === undefined) await migrate(opened.pool, MIGRATIONS);
  try {
    await run(t, { database: new Database(opened.pool), opened, dataDirectory });
  } finally {
    await opened.close();
  }
}
