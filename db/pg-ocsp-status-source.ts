import type {
  LoadedStatuses,
  LookedUpStatuses,
  OcspStatusSource,
  SourcedStatusChange,
  StatusReading,
} from '../ocsp/status-source.ts';
import { REVOCATION_REASONS } from '../pki/revocation-reason.ts';
import { byteaArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

/** Certificates per batch: 1.4 MB, some milliseconds of the reader's thread. */
const BATCH = 20_000;

const REASON_OCTETS = Object.entries(REVOCATION_REASONS)
  .map(([name, code]) => `when '${name}' then '\\x${code.toString(16).padStart(2, '0')}'::bytea`)
  .join(' ');

/** Serial number, status and its time as in `ocsp/packed-status.ts`; date_part, because extract counts in decimals. */
const PACKED_STATUS = `substring(int2send(length(s.serial_number)::int2) from 2) || s.serial_number
  || substring('\\x${'00'.repeat(20)}'::bytea from 1 for 20 - length(s.serial_number))
  || case when s.event in ('issued', 'released') then '\\xff00000000'::bytea
    else (case s.reason ${REASON_OCTETS} end)
      || substring(int8send(floor(date_part('epoch', s.effective_at))::int8) from 5) end`;
const PACKED_CERTIFICATE = `${PACKED_STATUS}
  || substring(int8send(least(floor(date_part('epoch', c.not_after)), 4294967295)::int8) from 5)
  || int8send(s.change_number) || c.sha256`;
const PACKED_CHANGE = `${PACKED_STATUS} || '\\x00000000'::bytea || int8send(s.change_number)`;

/** On a replica the heartbeat that it shows; in one statement with what is read, so both are of the same moment. */
const KNOWN_AT = 'case when pg_is_in_recovery() then h.beat_at end as known_at';

const LOADS = {
  certificates: `select ${PACKED_CERTIFICATE} as packed from status_change s
    join certificate c using (authority_id, serial_number) where s.authority_id = $1 and s.event = 'issued'`,
  changes: `select ${PACKED_CHANGE} as packed from status_change s
    where s.authority_id = $1 and s.event <> 'issued' order by s.change_number`,
};

type ChangeRow = StatusChangeRow & {
  recorded_at: Date | null;
  sha256: Buffer | null;
  not_after: Date | null;
};
/** Without changes there is one row still, and nothing but `known_at` in it. */
type ReadingRow = ({ known_at: Date | null } & ChangeRow) | { known_at: Date | null; change_number: null };

export class PgOcspStatusSource implements OcspStatusSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Rejects also when a replica had to break the long read off more than once. */
  loadAll(authorityIds: readonly string[], take: (part: LoadedStatuses) => void): Promise<number> {
    return this.#database.transaction(async (tx) => {
      await pg(tx).execute({ text: 'set transaction isolation level repeatable read, read only' });
      // The whole is read, so the plan for the first rows is the wrong one; it is not worth a compilation either.
      await pg(tx).execute({ text: 'set local cursor_tuple_fraction = 1' });
      await pg(tx).execute({ text: 'set local jit = off' });
      for (const authorityId of authorityIds) {
        for (const part of ['certificates', 'changes'] as const) {
          await pg(tx).execute({
            text: `declare status_load no scroll cursor for ${LOADS[part]}`,
            values: [authorityId],
          });
          for (let count = BATCH; count === BATCH;) {
            const rows = await pg(tx).query<{ packed: Buffer }>({ text: `fetch ${BATCH} from status_load` });
            take({ authorityId, [part]: Buffer.concat(rows.map(({ packed }) => packed)) });
            count = rows.length;
          }
          await pg(tx).execute({ text: 'close status_load' });
        }
      }
      const [counter] = await pg(tx).query<{ last_change_number: string }>({
        text: 'select last_change_number from status_counter',
      });
      return Number(counter.last_change_number);
    });
  }

  async changesAfter(changeNumber: number, limit: number): Promise<StatusReading> {
    const rows = await this.#database.query<ReadingRow>({
      name: 'ocsp-changes',
      text: `select ${KNOWN_AT}, ${STATUS_CHANGE_COLUMNS}, s.recorded_at, c.sha256, c.not_after
        from status_heartbeat h
        left join lateral (select ${STATUS_CHANGE_COLUMNS}, s.recorded_at from status_change s
          where s.change_number > $1 order by s.change_number limit $2) s on true
        left join certificate c on s.event = 'issued'
          and c.authority_id = s.authority_id and c.serial_number = s.serial_number
        order by s.change_number`,
      values: [changeNumber, limit],
    });
    const changes = rows.filter((row) => row.change_number !== null).map(sourcedChangeOf);
    return { changes, ...knownAtOf(rows) };
  }

  async lookUp(authorityId: string, serialNumbers: readonly Buffer[]): Promise<LookedUpStatuses> {
    const rows = await this.#database.query<{ known_at: Date | null; packed: Buffer | null }>({
      name: 'ocsp-look-up',
      text: `select ${KNOWN_AT}, (select string_agg(${PACKED_CERTIFICATE}, ''::bytea)
          from certificate c cross join lateral (select ${STATUS_CHANGE_COLUMNS} from status_change s
            where s.authority_id = c.authority_id and s.serial_number = c.serial_number
            order by s.change_number desc limit 1) s
          where c.authority_id = $1 and c.serial_number = any ($2::bytea[])) as packed
        from status_heartbeat h`,
      values: [authorityId, byteaArray([...serialNumbers])],
    });
    return { certificates: rows[0].packed ?? Buffer.alloc(0), ...knownAtOf(rows) };
  }
}

function sourcedChangeOf(row: ChangeRow): SourcedStatusChange {
  const { recorded_at, sha256, not_after } = row;
  return {
    ...statusChangeOf(row),
    ...(recorded_at && { recordedAt: recorded_at }),
    ...(sha256 && not_after && { issued: { certHash: sha256, notAfter: not_after } }),
  };
}

function knownAtOf(rows: readonly { known_at: Date | null }[]): { knownAt?: Date } {
  const knownAt = rows.at(0)?.known_at;
  return knownAt ? { knownAt } : {};
}
