import { searchKey } from '../core/persian-text.ts';
import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import { digest } from '../pki/digest-algorithm.ts';
import type { Application, ApplicationId } from '../ra/application.ts';
import type { ApplicationFilter, ApplicationStore, Decision, Proceeding } from '../ra/application-store.ts';
import type { Database } from './database.ts';
import { likePart } from './like-pattern.ts';
import { pg } from './pg-transaction.ts';

interface ApplicationRow {
  id: ApplicationId;
  office_id: Application['officeId'];
  state: Application['state'];
  version: number;
  profile_id: string;
  authority_id: string;
  delivery: Application['delivery'];
  national_id: NationalId;
  given_name: string;
  surname: string;
  latin_name: string;
  council_group: CouncilNumber['group'];
  council_digits: string;
  certification_request: Buffer | null;
  spki: Buffer | null;
  filed_by: Application['filedBy'];
  filed_at: Date;
  decided_by: Application['filedBy'] | null;
  decided_at: Date | null;
  decision_note: string | null;
  accepted_by: Application['filedBy'] | null;
  accepted_at: Date | null;
}

const COLUMNS = `id, office_id, state, version, profile_id, authority_id, delivery, national_id, given_name, surname,
  latin_name, council_group, council_digits, certification_request, spki, filed_by, filed_at, decided_by, decided_at, decision_note,
  accepted_by, accepted_at`;

export class PgApplicationStore implements ApplicationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, application: Application): Promise<boolean> {
    const { applicant } = application;
    const inserted = await pg(tx).execute({
      name: 'application-insert',
      text: `insert into application (id, office_id, state, version, profile_id, authority_id, national_id, given_name,
            surname, latin_name, council_group, council_digits, certification_request, spki, spki_sha256, search_key,
            filed_by, filed_at, delivery)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
          on conflict (spki_sha256) where state not in ('rejected', 'withdrawn') do nothing`,
      values: [
        application.id,
        application.officeId,
        application.state,
        application.version,
        application.profileId,
        application.authorityId,
        applicant.nationalId,
        applicant.givenName,
        applicant.surname,
        applicant.latinName,
        applicant.councilNumber.group,
        applicant.councilNumber.digits,
        application.certificationRequest ?? null,
        application.subjectPublicKeyInfo ?? null,
        application.subjectPublicKeyInfo ? digest('sha256', application.subjectPublicKeyInfo) : null,
        searchKey(`${applicant.givenName} ${applicant.surname} ${applicant.latinName}`),
        application.filedBy,
        application.filedAt,
        application.delivery,
      ],
    });
    return inserted === 1;
  }

  async lock(tx: Transaction, id: ApplicationId): Promise<Application | undefined> {
    const [row] = await pg(tx).query<ApplicationRow>({
      name: 'application-lock',
      text: `select ${COLUMNS} from application where id = $1 for update`,
      values: [id],
    });
    return row && applicationOf(row);
  }

  async update(tx: Transaction, id: ApplicationId, decision: Decision): Promise<Application> {
    const [row] = await pg(tx).query<ApplicationRow>({
      name: 'application-update',
      text: `update application set state = $2, decided_by = $3, decided_at = $4, decision_note = $5,
        version = version + 1 where id = $1 returning ${COLUMNS}`,
      values: [
        id,
        decision.state,
        decision.decidedBy ?? null,
        decision.decidedAt ?? null,
        decision.decisionNote ?? null,
      ],
    });
    return applicationOf(row);
  }

  async proceed(tx: Transaction, id: ApplicationId, next: Proceeding): Promise<Application> {
    const isAccepted = next.state === 'accepted';
    const [row] = await pg(tx).query<ApplicationRow>({
      name: 'application-proceed',
      text: `update application set state = $2, accepted_by = $3, accepted_at = $4, version = version + 1
        where id = $1 returning ${COLUMNS}`,
      values: [id, next.state, isAccepted ? next.acceptedBy : null, isAccepted ? next.acceptedAt : null],
    });
    return applicationOf(row);
  }

  async setKey(
    tx: Transaction,
    id: ApplicationId,
    { certificationRequest, subjectPublicKeyInfo }: Parameters<ApplicationStore['setKey']>[2],
  ): Promise<Application | undefined> {
    const [row] = await pg(tx).query<ApplicationRow>({
      name: 'application-set-key',
      text: `update application set certification_request = $2, spki = $3, spki_sha256 = $4
        where id = $1 and not exists (select from application o
          where o.spki_sha256 = $4 and o.id <> $1 and o.state not in ('rejected', 'withdrawn'))
        returning ${COLUMNS}`,
      values: [id, certificationRequest, subjectPublicKeyInfo, digest('sha256', subjectPublicKeyInfo)],
    });
    return row && applicationOf(row);
  }

  async find(id: ApplicationId): Promise<Application | undefined> {
    const [row] = await this.#database.query<ApplicationRow>({
      name: 'application-find',
      text: `select ${COLUMNS} from application where id = $1`,
      values: [id],
    });
    return row && applicationOf(row);
  }

  async list(filter: ApplicationFilter): Promise<Application[]> {
    const key = filter.text === undefined ? null : searchKey(filter.text);
    const rows = await this.#database.query<ApplicationRow>({
      name: 'application-list',
      text: `select ${COLUMNS} from application
        where ($1::uuid is null or office_id = $1)
          and ($2::text is null or state = $2)
          and ($3::uuid is null or id < $3)
          and ($4::text is null or national_id = $4 or council_digits = ltrim($4, '0') or search_key like $5)
        order by id desc limit $6`,
      values: [
        filter.officeId ?? null,
        filter.state ?? null,
        filter.before ?? null,
        key,
        key === null ? null : likePart(key),
        filter.limit,
      ],
    });
    return rows.map(applicationOf);
  }
}

function applicationOf(row: ApplicationRow): Application {
  return {
    id: row.id,
    officeId: row.office_id,
    state: row.state,
    version: row.version,
    profileId: row.profile_id,
    authorityId: row.authority_id,
    delivery: row.delivery,
    applicant: {
      nationalId: row.national_id,
      givenName: row.given_name,
      surname: row.surname,
      latinName: row.latin_name,
      councilNumber: { group: row.council_group, digits: row.council_digits },
    },
    ...(row.certification_request && { certificationRequest: row.certification_request }),
    ...(row.spki && { subjectPublicKeyInfo: row.spki }),
    filedBy: row.filed_by,
    filedAt: row.filed_at,
    ...(row.decided_by && { decidedBy: row.decided_by }),
    ...(row.decided_at && { decidedAt: row.decided_at }),
    ...(row.decision_note !== null && { decisionNote: row.decision_note }),
    ...(row.accepted_by && { acceptedBy: row.accepted_by }),
    ...(row.accepted_at && { acceptedAt: row.accepted_at }),
  };
}
