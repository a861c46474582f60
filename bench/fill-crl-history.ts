import type { OpenedPool } from '../db/open-embedded.ts';

type Pool = OpenedPool['pool'];

/** Times lie before the clock of the benchmark, a second between one change and the next. */
const FIRST_ISSUED = '2026-01-02T00:00:00Z';
const FIRST_REVOKED = '2026-02-01T00:00:00Z';

/**
 * Fills the status history of a migrated, empty database with certificates of `bronze` that were all issued and then revoked:
 * two changes each, serial numbers of 16 random-looking octets. Neither the certificates nor any checks, and the indexes at
 * the end: what counts is what a reader finds.
 */
export async function fillCrlHistory(pool: Pool, certificates: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(`insert into authority (id, assurance_level, certificate, crl_shards, created_at)
      values ('bronze', 1, '\\x00', 16, '${FIRST_ISSUED}')`);
    const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
      `select indexname, indexdef from pg_indexes
      where tablename = 'status_change' and indexname <> 'status_change_pkey'`,
    );
    for (const { indexname } of indexes) await client.query(`drop index ${indexname}`);
    await client.query(`insert into status_change
        (change_number, authority_id, serial_number, event, effective_at, requested_by)
      select n, 'bronze', ${SERIAL}, 'issued', timestamptz '${FIRST_ISSUED}' + n * interval '1 second', 'bench'
      from generate_series(1, ${certificates}) n cross join lateral ${HASH}`);
    await client.query(`insert into status_change
        (change_number, authority_id, serial_number, event, effective_at, reason, requested_by)
      select ${certificates} + n, 'bronze', ${SERIAL}, 'revoked',
        timestamptz '${FIRST_REVOKED}' + n * interval '1 second', 'superseded', 'bench'
      from generate_series(1, ${certificates}) n cross join lateral ${HASH}`);
    await client.query(`update status_counter set last_change_number = ${2 * certificates}`);
    for (const { indexdef } of indexes) await client.query(indexdef);
    await client.query('commit');
    await client.query('vacuum analyze status_change');
    await client.query('checkpoint');
  } finally {
    client.release();
  }
}

/** Revokes one more, of whom no certificate is here either. */
export async function revokeOneMore(pool: Pool): Promise<void> {
  await pool.query(`begin; set local session_replication_role = replica;
    insert into status_change
      (change_number, authority_id, serial_number, event, effective_at, reason, requested_by)
    select last_change_number + 1, 'bronze', set_byte(substring(sha256(last_change_number::text::bytea) for 16), 0, 65), 'revoked',
      '${FIRST_REVOKED}', 'superseded', 'bench'
    from status_counter;
    update status_counter set last_change_number = last_change_number + 1; commit`);
}

const HASH = `(select decode(md5(n::text), 'hex') as octets) hashed`;
/** Positive, and of full length. */
const SERIAL = 'set_byte(octets, 0, 64 | (get_byte(octets, 0) & 63))';
