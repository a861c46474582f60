import { setTimeout as delay } from 'node:timers/promises';

import type { Pool, PoolClient } from 'pg';
import { runner } from 'node-pg-migrate';

import { errorCode } from '../core/errors.ts';
import { DbError } from './db-error.ts';
import { assertSchemaUsable } from './schema-requirements.ts';

/**
 * A migration waits for a table no longer than this: whoever comes after it on that table waits behind it, and a running
 * service has to go on.
 */
const LOCK_MILLISECONDS_MAX = 2_000;
/** No statement of a migration goes over the rows of a large table; what does, is a job. */
const STATEMENT_MILLISECONDS_MAX = 300_000;

/** SQLSTATE lock_not_available and deadlock_detected: a long transaction, a service at work or another migrator is in the way. */
const BLOCKED: readonly unknown[] = ['55P03', '40P01'];
const ATTEMPTS_MAX = 60;
const PAUSE_MILLISECONDS = 500;

export interface MigrateOptions {
  attemptsMax?: number;
}

/**
 * Runs the SQL files of `folder` that have not run yet, in the order of their numbers; forward only, one migrator at a time,
 * beside a service that goes on. Returns their names. Throws DbError `schema-too-new`, and `migration-blocked` when a
 * table or another migrator was in the way all the time.
 */
export async function migrate(
  pool: Pool,
  folder: string,
  { attemptsMax = ATTEMPTS_MAX }: MigrateOptions = {},
): Promise<string[]> {
  const client = await pool.connect();
  try {
    await assertSchemaUsable(client, folder);
    await client.query(
      `set lock_timeout = ${LOCK_MILLISECONDS_MAX}; set statement_timeout = ${STATEMENT_MILLISECONDS_MAX}`,
    );
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await runAll(client, folder);
      } catch (cause) {
        if (!BLOCKED.includes(errorCode(cause))) throw cause;
        if (attempt >= attemptsMax)
          throw new DbError(
            'migration-blocked',
            `a transaction or another migrator was in the way for ${attempt} attempts; nothing was changed`,
            { cause },
          );
      }
      await delay(PAUSE_MILLISECONDS);
    }
  } finally {
    await client.query('reset lock_timeout; reset statement_timeout').catch(() => undefined);
    client.release();
  }
}

async function runAll(client: PoolClient, folder: string): Promise<string[]> {
  const ran = await runner({
    dbClient: client,
    dir: folder,
    direction: 'up',
    migrationsTable: 'schema_migration',
    // All or nothing: an upgrade that fails leaves the schema that it found.
    singleTransaction: true,
    // Whoever comes second waits, and finds nothing left to do.
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
  return ran.map(({ name }) => name);
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
