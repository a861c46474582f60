import { searchKey } from '../core/persian-text.ts';
import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import { applyStatusChange } from '../pki/certificate-status.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import type { ApplicationId } from '../ra/application.ts';
import type {
  CertificateDirectory,
  CertificateFilter,
  CertificateRecord,
} from '../ra/certificate-directory.ts';
import type { OfficeId } from '../ra/officer.ts';
import type { Database } from './database.ts';
import { likePart } from './like-pattern.ts';
import { CERTIFICATE_COLUMNS, certificateOf } from './pg-certificate-store.ts';
import type { CertificateRow } from './pg-certificate-store.ts';
import { readStatusChanges } from './read-status-changes.ts';
import type { StatusChangeRow } from './status-change-row.ts';

type DirectoryRow = CertificateRow &
  Pick<StatusChangeRow, 'event' | 'effective_at' | 'reason' | 'invalidity_date'> & {
    application_id: ApplicationId;
    office_id: OfficeId;
    national_id: NationalId;
    given_name: string;
    surname: string;
    latin_name: string;
    council_group: CouncilNumber['group'];
    council_digits: string;
  };

/** The last change of the history is the status: joined, never copied. */
const SELECT = `select ${CERTIFICATE_COLUMNS}, s.event, s.effective_at, s.reason, s.invalidity_date,
    a.id as application_id, a.office_id, a.national_id, a.given_name, a.surname, a.latin_name, a.council_group,
    a.council_digits
  from application a
  join certificate c on c.origin = 'application:' || a.id
  join lateral (select event, effective_at, reason, invalidity_date from status_change
    where authority_id = c.authority_id and serial_number = c.serial_number
    order by change_number desc limit 1) s on true`;

export class PgCertificateDirectory implements CertificateDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(authorityId: string, serialNumber: Buffer): Promise<CertificateRecord | undefined> {
    const [row] = await this.#database.query<DirectoryRow>({
      name: 'directory-find',
      text: `${SELECT} where c.authority_id = $1 and c.serial_number = $2`,
      values: [authorityId, serialNumber],
    });
    return row && recordOf(row);
  }

  async search(filter: CertificateFilter): Promise<CertificateRecord[]> {
    const key = filter.text === undefined ? null : searchKey(filter.text);
    const rows = await this.#database.query<DirectoryRow>({
      name: 'directory-search',
      text: `${SELECT}
        where ($1::uuid is null or a.office_id = $1)
          and ($2::uuid is null or a.id = $2)
          and ($3::uuid is null or a.id < $3)
          and ($4::text is null or a.national_id = $4 or a.council_digits = ltrim($4, '0') or a.search_key like $5
            or c.serial_number = $6)
        order by a.id desc limit $7`,
      values: [
        filter.officeId ?? null,
        filter.applicationId ?? null,
        filter.before ?? null,
        key,
        key === null ? null : likePart(key),
        key !== null && /^([0-9a-f]{2}){8,20}$/.test(key) ? Buffer.from(key, 'hex') : null,
        filter.limit,
      ],
    });
    return rows.map(recordOf);
  }

  historyOf(authorityId: string, serialNumber: Buffer): Promise<StatusChange[]> {
    return readStatusChanges(this.#database, authorityId, serialNumber);
  }
}

function recordOf(row: DirectoryRow): CertificateRecord {
  return {
    ...certificateOf(row),
    status: applyStatusChange({
      event: row.event,
      effectiveAt: row.effective_at,
      ...(row.reason && { reason: row.reason }),
      ...(row.invalidity_date && { invalidityDate: row.invalidity_date }),
    }),
    applicationId: row.application_id,
    officeId: row.office_id,
    applicant: {
      nationalId: row.national_id,
      givenName: row.given_name,
      surname: row.surname,
      latinName: row.latin_name,
      councilNumber: { group: row.council_group, digits: row.council_digits },
    },
  };
}
