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
import { APPLICATION_OF_ORIGIN, JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { CERTIFICATE_COLUMNS, certificateOf } from './certificate-row.ts';
import type { CertificateRow } from './certificate-row.ts';
import { addNameWords, nameCandidates } from './name-candidates.ts';
import { Conditions, addNumber, addSerialPrefix } from './search-conditions.ts';
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
const COLUMNS = `select ${CERTIFICATE_COLUMNS}, s.event, s.effective_at, s.reason, s.invalidity_date,
    a.id as application_id, a.office_id, a.national_id, a.given_name, a.surname, a.latin_name, a.council_group,
    a.council_digits`;
const WITH_STATUS = `join lateral (select event, effective_at, reason, invalidity_date from status_change
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
      text: `${COLUMNS} from certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN} ${WITH_STATUS}
        where c.authority_id = $1 and c.serial_number = $2`,
      values: [authorityId, serialNumber],
    });
    return row && recordOf(row);
  }

  async findByFingerprint(sha256: Buffer): Promise<CertificateRecord | undefined> {
    const [row] = await this.#database.query<DirectoryRow>({
      name: 'directory-find-by-fingerprint',
      text: `${COLUMNS} from certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN} ${WITH_STATUS}
        where c.sha256 = $1`,
      values: [sha256],
    });
    return row && recordOf(row);
  }

  async search(filter: CertificateFilter): Promise<CertificateRecord[]> {
    const { text, values } = await this.#pageOf(filter);
    // Not a named statement: which way is the quickest depends on how many have such a name, and a plan that is kept knows no name.
    const rows = await this.#database.query<DirectoryRow>({
      text: `${COLUMNS} from application a ${JOIN_CERTIFICATES_OF_APPLICATION} ${WITH_STATUS}
        where a.id = any(array(${text})) order by a.id desc, c.issued_at desc`,
      values,
    });
    return rows.map(recordOf);
  }

  /** Ids of a page of applications that have a certificate, newest first; only what is shown is joined to its status. */
  async #pageOf(filter: CertificateFilter): Promise<{ text: string; values: unknown[] }> {
    const conditions = new Conditions();
    if (filter.officeId) conditions.add('a.office_id = $', filter.officeId);
    if (filter.nationalId) conditions.add('a.national_id = $', filter.nationalId);
    if (filter.applicationId) conditions.add('a.id = $', filter.applicationId);
    if (filter.before) conditions.add('a.id < $', filter.before);
    const limit = conditions.value(filter.limit);
    const { terms } = filter;
    if (terms?.kind === 'serial') {
      addSerialPrefix(conditions, terms);
      const text = `select a.id from certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN}
        where ${conditions.where} order by a.id desc limit ${limit}`;
      return { text, values: conditions.values };
    }
    const few = terms?.kind === 'name' ? await nameCandidates(this.#database, terms) : undefined;
    if (few) {
      conditions.add('a.national_id = any($::text[])', few);
      // Sorted first: only a page of them is asked for its certificate.
      const text = `select a.id from (select a.id from application a where ${conditions.where} order by a.id desc offset 0) a
        where ${CERTIFIED} limit ${limit}`;
      return { text, values: conditions.values };
    }
    if (terms?.kind === 'name') addNameWords(conditions, 'a.search_key', terms);
    if (terms?.kind === 'number') addNumber(conditions, 'a', terms);
    const text = `select a.id from application a where ${conditions.where} and ${CERTIFIED}
      order by a.id desc limit ${limit}`;
    return { text, values: conditions.values };
  }

  historyOf(authorityId: string, serialNumber: Buffer): Promise<StatusChange[]> {
    return readStatusChanges(this.#database, authorityId, serialNumber);
  }
}

const CERTIFIED = `exists (select from certificate c where c.origin = 'application:' || a.id)`;

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
