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
import type { SearchTerms } from '../ra/holders/search-terms.ts';
import type { Database } from './database.ts';
import { CERTIFICATE_COLUMNS, certificateOf } from './pg-certificate-store.ts';
import type { CertificateRow } from './pg-certificate-store.ts';
import {
  APPLICATION_OF_ORIGIN,
  Conditions,
  addNameWords,
  addNumber,
  addSerialPrefix,
} from './search-conditions.ts';
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
    const { text, values } = pageOf(filter);
    // Not a named statement: which way is the quickest depends on how many have such a name, and a plan that is kept knows no name.
    const rows = await this.#database.query<DirectoryRow>({
      text: `${SELECT} where a.id = any(array(${text})) order by a.id desc`,
      values,
    });
    return rows.map(recordOf);
  }

  historyOf(authorityId: string, serialNumber: Buffer): Promise<StatusChange[]> {
    return readStatusChanges(this.#database, authorityId, serialNumber);
  }
}

/** Ids of a page of applications that have a certificate, newest first; only what is shown is joined to its status. */
function pageOf(filter: CertificateFilter): { text: string; values: unknown[] } {
  const conditions = new Conditions();
  if (filter.officeId) conditions.add('a.office_id = $', filter.officeId);
  if (filter.nationalId) conditions.add('a.national_id = $', filter.nationalId);
  if (filter.applicationId) conditions.add('a.id = $', filter.applicationId);
  if (filter.before) conditions.add('a.id < $', filter.before);
  const from = addTerms(conditions, filter.terms);
  const text = `select a.id from ${from} where ${conditions.where}
    order by a.id desc limit ${conditions.value(filter.limit)}`;
  return { text, values: conditions.values };
}

const CERTIFIED = `exists (select from certificate c where c.origin = 'application:' || a.id)`;

/** What the page is chosen from. */
function addTerms(conditions: Conditions, terms: SearchTerms | undefined): string {
  if (terms?.kind === 'serial') {
    addSerialPrefix(conditions, terms);
    return `certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN}`;
  }
  conditions.addText(CERTIFIED);
  if (terms?.kind === 'number') addNumber(conditions, 'a', terms);
  if (terms?.kind !== 'name') return 'application a';
  addNameWords(conditions, terms);
  return 'holder h join application a on a.national_id = h.national_id';
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
