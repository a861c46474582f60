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

/**
 * Grants the roles of this server what `database_grant` says (migrations/0013_database_roles.sql), and makes those that are
 * missing where this user may. Returns the names of the roles that are still missing.
 */
export async function grantRoles(pool: Pool): Promise<string[]> {
  await pool.query('select create_database_roles()');
  const { rows } = await pool.query<{ missing: string }>('select apply_database_grants() as missing');
  return rows.map(({ missing }) => missing);
}
