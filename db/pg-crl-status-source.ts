import type { CrlStatusSource } from '../ca/crl/crl-status-source.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import type { PackedRevocations } from '../pki/crl-packed-revocations.ts';
import { REVOCATION_REASONS } from '../pki/revocation-reason.ts';
import type { Database } from './database.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

/** Certificates per batch: some 300 kB, a few milliseconds of the thread; larger ones are no faster and leave more behind. */
const BATCH = 8_000;

const REASON_CODES = Object.entries(REVOCATION_REASONS)
  .map(([name, code]) => `when '${name}' then ${code}`)
  .join(' ');

/**
 * Packs records in the database: a million rows as JavaScript objects would cost ten times the memory and time. Nothing follows
 * a revocation (the schema sees to it), so only holds are asked whether they are the last. The rows come in the order of
 * the index; date_part, because extract counts in decimals.
 */
const SNAPSHOT = `with batch as (
    select s.change_number, s.serial_number, s.effective_at, s.reason, s.invalidity_date
    from status_change s
    where s.authority_id = $1 and s.change_number > $2 and s.event in ('held', 'revoked')
      and (s.event = 'revoked' or not exists (select from status_change later
        where later.authority_id = s.authority_id and later.serial_number = s.serial_number
          and later.change_number > s.change_number))
    order by s.change_number limit ${BATCH})
  select max(change_number) as last, count(*)::int as count, string_agg(
    int2send(length(serial_number)::int2) || serial_number
      || int8send(floor(date_part('epoch', effective_at))::int8)
      || int2send((case reason ${REASON_CODES} end)::int2)
      || case when invalidity_date is null then '\\x8000000000000000'::bytea
        else int8send(floor(date_part('epoch', invalidity_date))::int8) end,
    ''::bytea) as packed
  from batch`;

export class PgCrlStatusSource implements CrlStatusSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async lastChangeNumber(): Promise<number> {
    return readLastChangeNumber(this.#database);
  }

  async *revokedSnapshot(authorityId: string): AsyncIterable<PackedRevocations> {
    for (let after = '0', count = BATCH; count === BATCH;) {
      const [row] = await this.#database.query<{ last: string; count: number; packed: Buffer | null }>({
        name: 'crl-snapshot',
        text: SNAPSHOT,
        values: [authorityId, after],
      });
      if (row.packed) yield row.packed;
      after = row.last;
      count = row.count;
    }
  }

  async changesAfter(changeNumber: number, limit: number): Promise<StatusChange[]> {
    const rows = await this.#database.query<StatusChangeRow>({
      name: 'crl-changes',
      text: `select ${STATUS_CHANGE_COLUMNS} from status_change s where s.change_number > $1
        order by s.change_number limit $2`,
      values: [changeNumber, limit],
    });
    return rows.map(statusChangeOf);
  }
}

/** Number of the newest committed status change; 0 before the first. */
async function readLastChangeNumber(database: Database): Promise<number> {
  const [row] = await database.query<{ last_change_number: string }>({
    name: 'status-last-number',
    text: 'select last_change_number from status_counter',
  });
  return Number(row.last_change_number);
}
