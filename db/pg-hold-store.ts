import type { Transaction } from '../core/transaction.ts';
import type { HoldCause, HoldCauseId } from '../ra/holds/hold-cause.ts';
import type { HoldStore, OverdueHold, RecordedCause } from '../ra/holds/hold-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface CauseRow {
  id: HoldCauseId;
  authority_id: string;
  serial_number: Buffer;
  cause: HoldCause['cause'];
  hold_change_number: string;
  laid_at: Date;
  laid_by: string;
}

const COLUMNS = 'h.id, h.authority_id, h.serial_number, h.cause, h.hold_change_number, h.laid_at, h.laid_by';

/** Causes without a row that lifts them. */
const STANDING = `select ${COLUMNS} from hold_cause h
  where h.authority_id = $1 and h.serial_number = $2
    and not exists (select from hold_cause_lift l where l.cause_id = h.id)
  order by h.laid_at, h.id`;

export class PgHoldStore implements HoldStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async standing(tx: Transaction, authorityId: string, serialNumber: Buffer): Promise<HoldCause[]> {
    const values = [authorityId, serialNumber];
    return (await pg(tx).query<CauseRow>({ name: 'hold-standing', text: STANDING, values })).map(causeOf);
  }

  async causesOf(authorityId: string, serialNumber: Buffer): Promise<HoldCause[]> {
    const values = [authorityId, serialNumber];
    const rows = await this.#database.query<CauseRow>({ name: 'hold-standing', text: STANDING, values });
    return rows.map(causeOf);
  }

  async lay(tx: Transaction, cause: HoldCause): Promise<void> {
    await pg(tx).execute({
      name: 'hold-lay',
      text: `insert into hold_cause (id, authority_id, serial_number, cause, hold_change_number, laid_at, laid_by)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        cause.id,
        cause.authorityId,
        cause.serialNumber,
        cause.cause,
        cause.holdChangeNumber,
        cause.laidAt,
        cause.laidBy,
      ],
    });
  }

  async lift(tx: Transaction, id: HoldCauseId, liftedAt: Date, liftedBy: string): Promise<void> {
    await pg(tx).execute({
      name: 'hold-lift',
      text: 'insert into hold_cause_lift (cause_id, lifted_at, lifted_by) values ($1, $2, $3)',
      values: [id, liftedAt, liftedBy],
    });
  }

  async recordOf(authorityId: string, serialNumber: Buffer): Promise<RecordedCause[]> {
    const rows = await this.#database.query<CauseRow & { lifted_at: Date | null; lifted_by: string | null }>({
      name: 'hold-record',
      text: `select ${COLUMNS}, l.lifted_at, l.lifted_by from hold_cause h
        left join hold_cause_lift l on l.cause_id = h.id
        where h.authority_id = $1 and h.serial_number = $2 order by h.laid_at, h.id`,
      values: [authorityId, serialNumber],
    });
    return rows.map((row) => ({
      ...causeOf(row),
      ...(row.lifted_at && row.lifted_by && { lifted: { at: row.lifted_at, by: row.lifted_by } }),
    }));
  }

  async overdue(laidUntil: Date, now: Date, limit: number): Promise<OverdueHold[]> {
    const rows = await this.#database.query<CauseRow & { last_change_number: string }>({
      name: 'hold-overdue',
      text: `select ${COLUMNS}, s.change_number as last_change_number from hold_cause h
        join certificate c on c.authority_id = h.authority_id and c.serial_number = h.serial_number
        join lateral (select event, change_number from status_change
          where authority_id = h.authority_id and serial_number = h.serial_number
          order by change_number desc limit 1) s on true
        where h.cause in ('lost', 'office-order') and h.laid_at <= $1 and c.not_after > $2 and s.event = 'held'
          and not exists (select from hold_cause_lift l where l.cause_id = h.id)
        order by h.laid_at limit $3`,
      values: [laidUntil, now, limit],
    });
    return rows.map((row) => ({
      ...(causeOf(row) as OverdueHold),
      lastChangeNumber: Number(row.last_change_number),
    }));
  }
}

function causeOf(row: CauseRow): HoldCause {
  return {
    id: row.id,
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    cause: row.cause,
    holdChangeNumber: Number(row.hold_change_number),
    laidAt: row.laid_at,
    laidBy: row.laid_by,
  };
}
