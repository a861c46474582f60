import { searchKey } from '../core/persian-text.ts';
import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { ApplicationBatchStore, DecidedApplication } from '../ra/application-batch-store.ts';
import { byteaArray, integerArray, textArray, timestampArray } from './binary-array.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

export class PgApplicationBatchStore implements ApplicationBatchStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertAll(
    tx: Transaction,
    applications: readonly DecidedApplication[],
    campaign: string,
  ): Promise<ApplicationId[]> {
    if (applications.length === 0) return [];
    const rows = await pg(tx).query<{ id: ApplicationId }>({
      name: 'application-insert-all',
      text: `with inserted as (insert into application (id, office_id, state, version, profile_id, authority_id, national_id, given_name,
          surname, latin_name, council_group, council_digits, certification_request, spki, spki_sha256, search_key,
          filed_by, filed_at, decided_by, decided_at, decision_note)
        select a.id::uuid, a.office_id::uuid, a.state, a.version, a.profile_id, a.authority_id, a.national_id, a.given_name,
          a.surname, a.latin_name, a.council_group, a.council_digits, a.certification_request, a.spki, sha256(a.spki),
          a.search_key, a.filed_by::uuid, a.filed_at, a.decided_by::uuid, a.decided_at, a.decision_note
        from unnest($1::text[], $2::text[], $3::text[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[],
          $9::text[], $10::text[], $11::text[], $12::text[], $13::bytea[], $14::bytea[], $15::text[], $16::text[],
          $17::timestamptz[], $18::text[], $19::timestamptz[], $20::text[])
          as a (id, office_id, state, version, profile_id, authority_id, national_id, given_name, surname, latin_name,
            council_group, council_digits, certification_request, spki, search_key, filed_by, filed_at,
            decided_by, decided_at, decision_note)
        on conflict (spki_sha256) where state not in ('rejected', 'withdrawn') do nothing
        returning id, filed_by, decided_by, decided_at),
        exempted as (insert into approval_exemption (application_id, kind, campaign, filed_by, approved_by, recorded_at)
          select id, 'campaign', $21, filed_by, decided_by, decided_at from inserted)
        select id from inserted`,
      values: [...columnsOf(applications), campaign],
    });
    if (rows.length === applications.length) return [];
    const inserted = new Set(rows.map(({ id }) => id));
    return applications.map(({ id }) => id).filter((id) => !inserted.has(id));
  }

  async markIssued(tx: Transaction, ids: readonly ApplicationId[]): Promise<void> {
    await pg(tx).execute({
      name: 'application-mark-issued',
      text: `update application set state = 'issued', version = version + 1
        where id = any($1::text[]::uuid[]) and state = 'approved'`,
      values: [textArray(ids)],
    });
  }

  async markIssuedWithCertificate(tx: Transaction, ids: readonly ApplicationId[]): Promise<void> {
    await pg(tx).execute({
      text: `update application a set state = 'issued', version = version + 1
        where a.id = any($1::text[]::uuid[]) and a.state = 'approved'
          and exists (select from certificate c where c.origin = 'application:' || a.id)`,
      values: [textArray(ids)],
    });
  }

  async keysInUse(spkiSha256s: readonly Buffer[]): Promise<Map<string, ApplicationId | undefined>> {
    const rows = await this.#database.query<{ spki_sha256: Buffer; id: ApplicationId | null }>({
      name: 'application-keys-in-use',
      text: `select k.spki_sha256, a.id
        from unnest($1::bytea[]) as k (spki_sha256)
        left join application a on a.spki_sha256 = k.spki_sha256 and a.state not in ('rejected', 'withdrawn')
        where a.id is not null
          or exists (select from issuance_intent i where i.spki_sha256 = k.spki_sha256)`,
      values: [byteaArray(spkiSha256s)],
    });
    return new Map(rows.map(({ spki_sha256, id }) => [spki_sha256.toString('hex'), id ?? undefined]));
  }
}

/** In the order of the statement's parameters. */
function columnsOf(applications: readonly DecidedApplication[]): Buffer[] {
  const text = (value: (application: DecidedApplication) => string | null) =>
    textArray(applications.map(value));
  return [
    text(({ id }) => id),
    text(({ officeId }) => officeId),
    text(({ state }) => state),
    integerArray(applications.map(({ version }) => version)),
    text(({ profileId }) => profileId),
    text(({ authorityId }) => authorityId),
    text(({ applicant }) => applicant.nationalId),
    text(({ applicant }) => applicant.givenName),
    text(({ applicant }) => applicant.surname),
    text(({ applicant }) => applicant.latinName),
    text(({ applicant }) => applicant.councilNumber.group),
    text(({ applicant }) => applicant.councilNumber.digits),
    byteaArray(applications.map(({ certificationRequest }) => certificationRequest)),
    byteaArray(applications.map(({ subjectPublicKeyInfo }) => subjectPublicKeyInfo)),
    text(({ applicant: { givenName, surname, latinName } }) =>
      searchKey(`${givenName} ${surname} ${latinName}`),
    ),
    text(({ filedBy }) => filedBy),
    timestampArray(applications.map(({ filedAt }) => filedAt)),
    text(({ decidedBy }) => decidedBy),
    timestampArray(applications.map(({ decidedAt }) => decidedAt)),
    text(({ decisionNote }) => decisionNote ?? null),
  ];
}
