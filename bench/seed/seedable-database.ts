import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { DomainError } from '../../core/errors.ts';
import { openEmbedded } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';

/** The campaign of a seed; those of rosters are named by hashes. Its `begin-campaign` event marks the database, for ever. */
export const SEED_CAMPAIGN = 'bench-seed';

/**
 * A database may be filled with people who do not exist when it holds nothing, or nothing but the evaluation hierarchy beside an
 * earlier seed. Looks before anything is migrated; throws DomainError `seed-refused`.
 */
export async function assertSeedable(settings: {
  databaseUrl?: string;
  dataDirectory: string;
}): Promise<void> {
  const { databaseUrl, dataDirectory } = settings;
  if (!databaseUrl && !existsSync(join(dataDirectory, 'database'))) return;
  const opened = databaseUrl ? await openPostgres(databaseUrl) : await openEmbedded(dataDirectory);
  try {
    await assertEmptyOrSeeded(opened.pool);
  } finally {
    await opened.close();
  }
}

async function assertEmptyOrSeeded(pool: OpenedPool['pool']): Promise<void> {
  const {
    rows: [{ tables, events }],
  } = await pool.query<{ tables: boolean; events: boolean }>(
    `select exists(select from pg_tables where schemaname = 'public') as tables,
      to_regclass('public.audit_event') is not null as events`,
  );
  if (!tables) return;
  if (!events) throw refusal('it holds the tables of something else');
  const {
    rows: [{ isMarked, isUsed }],
  } = await pool.query<{ isMarked: boolean; isUsed: boolean }>(
    `select exists(select from audit_event where action = 'begin-campaign' and subject = 'campaign:' || $1) as "isMarked",
      exists(select from authority) as "isUsed"`,
    [SEED_CAMPAIGN],
  );
  if (isUsed && !isMarked) throw refusal('it is a deployment’s, and no seed was begun in it');
}

function refusal(why: string): DomainError {
  return new DomainError(
    'seed-refused',
    `this database is not filled with invented people: ${why}; --into-existing does it all the same`,
  );
}
