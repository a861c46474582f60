import { readdirSync } from 'node:fs';

import { DbError } from './db-error.ts';

interface Asking {
  query(text: string): Promise<{ rows: unknown[] }>;
}

/**
 * Throws DbError `schema-too-new` when the database was migrated by a newer version in a way that this one, which brings the
 * migrations of `folder`, cannot live with. What was only added is no reason.
 */
export async function assertSchemaUsable(asking: Asking, folder: string): Promise<void> {
  const there = await asking.query(`select to_regprocedure('schema_requirements()') is not null as present`);
  if (!(there.rows as { present: boolean }[])[0].present) return;
  const { rows } = await asking.query('select migration, reason from schema_requirements()');
  const known = migrationNames(folder);
  const unknown = (rows as { migration: string; reason: string }[]).find(
    ({ migration }) => !known.includes(migration),
  );
  if (!unknown) return;
  const { migration, reason } = unknown;
  throw new DbError(
    'schema-too-new',
    `the database needs a version that knows ${migration} (${reason}); start that one, or newer`,
  );
}

/** Names of the migrations of a folder, in their order. */
export function migrationNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.replace(/\.sql$/, ''))
    .sort();
}
