import type { Database } from '../../db/database.ts';

/** What nobody but the owner of the database can do: past triggers and foreign keys. */
export async function tamper(database: Database, statements: string): Promise<void> {
  await database.query({
    text: `begin; set local session_replication_role = replica; ${statements}; commit`,
  });
}
