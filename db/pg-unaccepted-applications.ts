import type { StatusEvent } from '../pki/certificate-status.ts';
import type { Unaccepted, UnacceptedApplications } from '../ra/acceptance/expire-unaccepted.ts';
import type { Database } from './database.ts';

interface UnacceptedRow {
  id: Unaccepted['id'];
  authority_id: string;
  serial_number: Buffer;
  event: StatusEvent;
  change_number: string;
}

export class PgUnacceptedApplications implements UnacceptedApplications {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async issuedBefore(moment: Date, limit: number): Promise<Unaccepted[]> {
    const rows = await this.#database.query<UnacceptedRow>({
      text: `select a.id, c.authority_id, c.serial_number, s.event, s.change_number
        from application a join certificate c on c.origin = 'application:' || a.id
        join lateral (select event, change_number from status_change
          where authority_id = c.authority_id and serial_number = c.serial_number
          order by change_number desc limit 1) s on true
        where a.state = 'issued' and a.decided_at < $1 and c.issued_at < $1
          and not exists (select from approval_exemption e where e.application_id = a.id)
        order by a.id limit $2`,
      values: [moment, limit],
    });
    return rows.map((row) => ({
      id: row.id,
      authorityId: row.authority_id,
      serialNumber: row.serial_number,
      lastEvent: row.event,
      lastChangeNumber: Number(row.change_number),
    }));
  }
}
