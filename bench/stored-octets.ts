import type { OpenedPool } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';

/** What a database has written and keeps. */
export interface Stored {
  /** Octets of each table, its indexes and what is stored out of line. */
  tables: ReadonlyMap<string, number>;
  /** Octets of write-ahead log since the cluster was made: what a replica and an archive get. */
  log: number;
}

export async function storedOctets(databaseUrl: string): Promise<Stored> {
  const { pool, close } = await openPostgres(databaseUrl);
  try {
    return await read(pool);
  } finally {
    await close();
  }
}

async function read(pool: OpenedPool['pool']): Promise<Stored> {
  const sizes = await pool.query<{ name: string; octets: string }>(
    `select relname as name, pg_total_relation_size(oid) as octets from pg_class where relkind = 'r'
      and relnamespace = 'public'::regnamespace`,
  );
  const {
    rows: [{ log }],
  } = await pool.query<{ log: string }>(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as log`);
  return { tables: new Map(sizes.rows.map(({ name, octets }) => [name, Number(octets)])), log: Number(log) };
}

/** Tables that grew, the most first. */
export function growth(before: Stored, after: Stored): [table: string, octets: number][] {
  return [...after.tables]
    .map(([name, octets]): [string, number] => [name, octets - (before.tables.get(name) ?? 0)])
    .filter(([, octets]) => octets > 0)
    .sort(([, a], [, b]) => b - a);
}
