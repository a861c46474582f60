import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { StatusEvent } from '../pki/certificate-status.ts';
import type { HolderCertificate, HolderCertificates } from '../ra/licence/holder-certificates.ts';
import type { LicenceStanding } from '../ra/licence/licence-event.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface Row {
  authority_id: string;
  serial_number: Buffer;
  national_id: NationalId;
  event: StatusEvent;
  change_number: string;
  effective_at: Date;
  requested_by: string;
}

const COLUMNS = `c.authority_id, c.serial_number, a.national_id, s.event, s.change_number, s.effective_at, s.requested_by`;

/** From applications to certificates, each with the last row of its history. */
const JOIN_CERTIFICATES = `join certificate c on c.origin = 'application:' || a.id
  join lateral (select event, change_number, effective_at, requested_by from status_change
    where authority_id = c.authority_id and serial_number = c.serial_number
    order by change_number desc limit 1) s on true`;

export class PgLicenceCertificates implements HolderCertificates {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async ofCouncilNumber(
    tx: Transaction,
    { group, digits }: CouncilNumber,
    now: Date,
  ): Promise<HolderCertificate[]> {
    const rows = await pg(tx).query<Row>({
      name: 'holder-certificates-of-council-number',
      text: `select ${COLUMNS} from application a ${JOIN_CERTIFICATES}
        where a.council_group = $1 and a.council_digits = $2 and c.not_after > $3
        order by c.authority_id, c.serial_number`,
      values: [group, digits, now],
    });
    return rows.map(certificateOf);
  }

  async ofPerson(tx: Transaction, nationalId: NationalId, now: Date): Promise<HolderCertificate[]> {
    const rows = await pg(tx).query<Row>({
      name: 'holder-certificates-of-person',
      text: `select ${COLUMNS} from application a ${JOIN_CERTIFICATES}
        where a.national_id = $1 and c.not_after > $2 order by c.authority_id, c.serial_number`,
      values: [nationalId, now],
    });
    return rows.map(certificateOf);
  }

  async outOfLine(
    now: Date,
    limit: number,
  ): Promise<(HolderCertificate & { standing: LicenceStanding; messageId: string })[]> {
    const rows = await this.#database.query<Row & { standing: LicenceStanding; last_message_id: string }>({
      name: 'holder-certificates-out-of-line',
      text: `select ${COLUMNS}, h.standing, h.last_message_id from licence_holder h
        cross join lateral (
          select id, national_id from application
            where council_group = h.council_group and council_digits = h.council_digits
          union
          select id, national_id from application where h.standing = 'deceased' and national_id = h.national_id) a
        ${JOIN_CERTIFICATES}
        where h.standing <> 'active' and c.not_after > $1
          and s.event = any(case h.standing when 'suspended' then array['issued', 'released']
            else array['issued', 'released', 'held'] end)
        limit $2`,
      values: [now, limit],
    });
    return rows.map((row) => ({
      ...certificateOf(row),
      standing: row.standing,
      messageId: row.last_message_id,
    }));
  }

  async heldSince(moment: Date, now: Date, limit: number): Promise<HolderCertificate[]> {
    const rows = await this.#database.query<Row>({
      name: 'holder-certificates-held-since',
      text: `select ${COLUMNS} from status_change s
        join certificate c on c.authority_id = s.authority_id and c.serial_number = s.serial_number
        join application a on c.origin = 'application:' || a.id
        where s.event = 'held' and s.effective_at <= $1 and s.requested_by not like 'council-order:%' and c.not_after > $2
          and not exists (select from status_change later where later.authority_id = s.authority_id
            and later.serial_number = s.serial_number and later.change_number > s.change_number)
        order by s.effective_at limit $3`,
      values: [moment, now, limit],
    });
    return rows.map(certificateOf);
  }
}

function certificateOf(row: Row): HolderCertificate {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    nationalId: row.national_id,
    lastEvent: row.event,
    lastChangeNumber: Number(row.change_number),
    lastEffectiveAt: row.effective_at,
    requestedBy: row.requested_by,
  };
}
