import { applyStatusChange } from '../pki/certificate-status.ts';
import type { OcspStatusSource, SourcedStatusChange, StatusRecord } from '../ocsp/status-source.ts';
import type { Database } from './database.ts';
import { readLastChangeNumber } from './pg-crl-status-source.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

type IssuedColumns = { sha256: Buffer; not_after: Date };

/** Certificates per batch: a few milliseconds of the reader's thread. */
const BATCH = 5_000;

export class PgOcspStatusSource implements OcspStatusSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  lastChangeNumber(): Promise<number> {
    return readLastChangeNumber(this.#database);
  }

  async *loadAll(authorityId: string): AsyncIterable<readonly StatusRecord[]> {
    for (let after: Buffer = Buffer.alloc(0), count = BATCH; count === BATCH;) {
      const rows = await this.#database.query<StatusChangeRow & IssuedColumns>({
        name: 'ocsp-load',
        text: `select ${STATUS_CHANGE_COLUMNS}, c.sha256, c.not_after
          from certificate c
          join lateral (select * from status_change
            where authority_id = c.authority_id and serial_number = c.serial_number
            order by change_number desc limit 1) s on true
          where c.authority_id = $1 and c.serial_number > $2
          order by c.serial_number limit ${BATCH}`,
        values: [authorityId, after],
      });
      if (rows.length > 0) yield rows.map(recordOf);
      after = rows.at(-1)?.serial_number ?? after;
      count = rows.length;
    }
  }

  async changesAfter(changeNumber: number, limit: number): Promise<readonly SourcedStatusChange[]> {
    const rows = await this.#database.query<
      StatusChangeRow & { [column in keyof IssuedColumns]: IssuedColumns[column] | null }
    >({
      name: 'ocsp-changes',
      text: `select ${STATUS_CHANGE_COLUMNS}, c.sha256, c.not_after
        from status_change s
        left join certificate c on s.event = 'issued'
          and c.authority_id = s.authority_id and c.serial_number = s.serial_number
        where s.change_number > $1 order by s.change_number limit $2`,
      values: [changeNumber, limit],
    });
    return rows.map((row) => ({
      ...statusChangeOf(row),
      ...(row.sha256 && row.not_after && { issued: { certHash: row.sha256, notAfter: row.not_after } }),
    }));
  }
}

function recordOf(row: StatusChangeRow & IssuedColumns): StatusRecord {
  const change = statusChangeOf(row);
  return {
    serialNumber: change.serialNumber,
    changeNumber: change.changeNumber,
    certHash: row.sha256,
    notAfter: row.not_after,
    status: applyStatusChange(change),
  };
}
