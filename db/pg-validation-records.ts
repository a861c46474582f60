import type { CouncilNumber } from '../core/council-number.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import type { CertificateKey, ValidationRecords } from '../validation/batch/validation-records.ts';
import type { LicenceChange } from '../validation/licence-history.ts';
import { byteaArray, textArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { STATUS_CHANGE_COLUMNS, statusChangeOf } from './status-change-row.ts';
import type { StatusChangeRow } from './status-change-row.ts';

/** The same as PgStatusHistory and PgLicenceHistory say, for many at once. */
export class PgValidationRecords implements ValidationRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async authoritiesOf(certificates: readonly Uint8Array[]): Promise<(string | undefined)[]> {
    const rows = await this.#database.query<{ place: number; id: string }>({
      name: 'authorities-of-certificates',
      text: `select q.place::int as place, a.id
        from unnest($1::bytea[]) with ordinality q (certificate, place)
        join authority a on a.certificate = q.certificate`,
      values: [byteaArray(certificates)],
    });
    const ids = new Map(rows.map(({ place, id }) => [place, id]));
    return certificates.map((_, index) => ids.get(index + 1));
  }

  async statusChangesOf(keys: readonly CertificateKey[]): Promise<StatusChange[][]> {
    const rows = await this.#database.query<StatusChangeRow & { place: number }>({
      name: 'status-changes-of-many',
      text: `select q.place::int as place, ${STATUS_CHANGE_COLUMNS}
        from unnest($1::text[], $2::bytea[]) with ordinality q (authority_id, serial_number, place)
        join status_change s on s.authority_id = q.authority_id and s.serial_number = q.serial_number
        order by s.change_number`,
      values: [
        textArray(keys.map(({ authorityId }) => authorityId)),
        byteaArray(keys.map(({ serialNumber }) => serialNumber)),
      ],
    });
    return byPlace(keys.length, rows, statusChangeOf);
  }

  async licenceChangesOf(numbers: readonly CouncilNumber[]): Promise<LicenceChange[][]> {
    const rows = await this.#database.query<{
      place: number;
      event: LicenceChange['event'];
      received_at: Date;
    }>({
      name: 'licence-changes-of-many',
      text: `select q.place::int as place, m.event, m.received_at
        from unnest($1::text[], $2::text[]) with ordinality q (council_group, digits, place)
        join licence_message m on m.council_group = q.council_group and m.council_digits = q.digits
        where m.state <> 'refused' order by m.sequence`,
      values: [textArray(numbers.map(({ group }) => group)), textArray(numbers.map(({ digits }) => digits))],
    });
    return byPlace(numbers.length, rows, ({ event, received_at: at }) => ({ event, at }));
  }
}

/** Rows in their order, each under its question. */
function byPlace<Row extends { place: number }, Value>(
  count: number,
  rows: readonly Row[],
  valueOf: (row: Row) => Value,
): Value[][] {
  const answers = Array.from({ length: count }, (): Value[] => []);
  for (const row of rows) answers[row.place - 1].push(valueOf(row));
  return answers;
}
