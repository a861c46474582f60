import type { Pool } from 'pg';
import { runner } from 'node-pg-migrate';

/** Runs the SQL files of `folder` that have not run yet, in the order of their numbers; forward only. Returns their names. */
export async function migrate(pool: Pool, folder: string): Promise<string[]> {
  const client = await pool.connect();
  try {
    const ran = await runner({
      dbClient: client,
      dir: folder,
      direction: 'up',
      migrationsTable: 'schema_migration',
      // All or nothing: an upgrade that fails leaves the schema that it found.
      singleTransaction: true,
      log: () => undefined,
    });
    return ran.map(({ name }) => name);
  } finally {
    client.release();
  }
}
