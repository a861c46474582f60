import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { StatusEvent } from '../pki/certificate-status.ts';
import type {
  CertificateOutOfLine,
  HolderCertificate,
  HolderCertificates,
} from '../ra/licence/holder-certificates.ts';
import type { LicenceStanding } from '../ra/licence/licence-event.ts';
import { JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface Row {
  authority_id: string;
  serial_number: Buffer;
  profile_id: string;
  national_id: NationalId;
  event: StatusEvent;
  change_number: string;
  is_held_by_council: boolean;
}

interface OutOfLineRow extends Row {
  standing: LicenceStanding;
  last_message_id: string;
  council_group: CouncilNumber['group'];
  council_digits: string;
  licence_national_id: NationalId;
}

const COLUMNS = `c.authority_id, c.serial_number, c.profile_id, a.national_id, s.event, s.change_number,
  exists (select from hold_cause k where k.authority_id = c.authority_id and k.serial_number = c.serial_number
    and k.cause = 'licence-suspended'
    and not exists (select from hold_cause_lift l where l.cause_id = k.id)) as is_held_by_council`;

/** From applications to certificates, each with the last row of its history. */
const JOIN_CERTIFICATES = `${JOIN_CERTIFICATES_OF_APPLICATION}
  join lateral (select event, change_number from status_change
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

  async outOfLine(now: Date, limit: number): Promise<CertificateOutOfLine[]> {
    const rows = await this.#database.query<OutOfLineRow>({
      name: 'holder-certificates-out-of-line',
      text: `select * from (
        select ${COLUMNS}, h.standing, h.last_message_id, h.council_group, h.council_digits,
          h.national_id as licence_national_id
        from licence_holder h
        cross join lateral (
          select id, national_id from application
            where council_group = h.council_group and council_digits = h.council_digits
          union
          select id, national_id from application where h.standing = 'deceased' and national_id = h.national_id) a
        ${JOIN_CERTIFICATES}
        where h.standing <> 'active' and c.not_after > $1 and s.event <> 'revoked') found
        where standing <> 'suspended' or event <> 'held' or not is_held_by_council
        limit $2`,
      values: [now, limit],
    });
    return rows.map((row) => ({
      ...certificateOf(row),
      councilNumber: { group: row.council_group, digits: row.council_digits },
      licenceNationalId: row.licence_national_id,
      standing: row.standing,
      messageId: row.last_message_id,
    }));
  }
}

function certificateOf(row: Row): HolderCertificate {
  return {
    authorityId: row.authority_id,
    serialNumber: row.serial_number,
    profileId: row.profile_id,
    nationalId: row.national_id,
    lastEvent: row.event,
    lastChangeNumber: Number(row.change_number),
    isHeldByCouncil: row.is_held_by_council,
  };
}
