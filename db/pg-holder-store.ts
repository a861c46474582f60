import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Holder, HolderContact, HolderId, NewContact } from '../ra/holders/holder.ts';
import type { FiledCase, HolderFilter, HolderStore } from '../ra/holders/holder-store.ts';
import type { SearchTerms } from '../ra/holders/search-terms.ts';
import type { OfficeId } from '../ra/officer.ts';
import { APPLICATION_OF_ORIGIN } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import { addNameWords, nameCandidates } from './name-candidates.ts';
import { Conditions, addNumber, addSerialPrefix } from './search-conditions.ts';

interface HolderRow {
  id: HolderId;
  national_id: NationalId;
  given_name: string;
  surname: string;
  latin_name: string;
  council_group: CouncilNumber['group'];
  council_digits: string;
  first_in_person_at: Date | null;
  last_in_person_at: Date | null;
}

interface CaseRow {
  id: FiledCase['id'];
  office_id: OfficeId;
  state: FiledCase['state'];
  profile_id: string;
  filed_by: FiledCase['filedBy'];
  filed_at: Date;
  decided_by: FiledCase['filedBy'] | null;
  decided_at: Date | null;
}

const COLUMNS = `h.id, h.national_id, h.given_name, h.surname, h.latin_name, h.council_group, h.council_digits,
  h.first_in_person_at, h.last_in_person_at`;

export class PgHolderStore implements HolderStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(nationalId: NationalId): Promise<Holder | undefined> {
    const [row] = await this.#database.query<HolderRow>({
      name: 'holder-find',
      text: `select ${COLUMNS} from holder h where h.national_id = $1`,
      values: [nationalId],
    });
    return row && holderOf(row);
  }

  async search(filter: HolderFilter): Promise<Holder[]> {
    const conditions = new Conditions();
    if (filter.after && !(await this.#addAfter(conditions, filter.after))) return [];
    await this.#addTerms(conditions, filter);
    // Not a named statement: a plan that is kept does not know how many have such a name.
    const rows = await this.#database.query<HolderRow>({
      text: `select ${COLUMNS} from holder h where h.national_id = any(array(
          select h.national_id from holder h where ${conditions.where}
          order by h.search_key, h.national_id limit ${conditions.value(filter.limit)}))
        order by h.search_key, h.national_id`,
      values: conditions.values,
    });
    return rows.map(holderOf);
  }

  /** False: there is no such holder. */
  async #addAfter(conditions: Conditions, id: HolderId): Promise<boolean> {
    const [last] = await this.#database.query<{ search_key: string; national_id: string }>({
      name: 'holder-key',
      text: 'select search_key, national_id from holder where id = $1',
      values: [id],
    });
    if (!last) return false;
    const [key, nationalId] = [conditions.value(last.search_key), conditions.value(last.national_id)];
    conditions.addText(`(h.search_key, h.national_id) > (${key}, ${nationalId})`);
    return true;
  }

  async #addTerms(conditions: Conditions, { officeId, terms }: HolderFilter): Promise<void> {
    if (terms?.kind === 'number') addNumber(conditions, 'h', terms);
    if (terms?.kind === 'serial') {
      const inner = new Conditions(conditions.values);
      addSerialPrefix(inner, terms);
      conditions.addText(`h.national_id in (select a.national_id from certificate c
        join application a on a.id = ${APPLICATION_OF_ORIGIN} where ${inner.where})`);
    }
    const few = terms?.kind === 'name' ? await nameCandidates(this.#database, terms) : undefined;
    if (few) conditions.add('h.national_id = any($::text[])', few);
    else if (terms?.kind === 'name') addNameWords(conditions, 'h.search_key', terms);
    if (officeId) addOffice(conditions, officeId, few ? undefined : terms);
  }

  async casesOf(nationalId: NationalId, officeId: OfficeId | undefined, limit: number): Promise<FiledCase[]> {
    const rows = await this.#database.query<CaseRow>({
      name: 'holder-cases',
      text: `select id, office_id, state, profile_id, filed_by, filed_at, decided_by, decided_at from application
        where national_id = $1 and ($2::uuid is null or office_id = $2) order by id desc limit $3`,
      values: [nationalId, officeId ?? null, limit],
    });
    return rows.map((row) => ({
      id: row.id,
      officeId: row.office_id,
      state: row.state,
      profileId: row.profile_id,
      filedBy: row.filed_by,
      filedAt: row.filed_at,
      ...(row.decided_by && { decidedBy: row.decided_by }),
      ...(row.decided_at && { decidedAt: row.decided_at }),
    }));
  }

  async contactOf(id: HolderId): Promise<HolderContact> {
    const [row] = await this.#database.query<{ mobile: string | null; email: string | null }>({
      name: 'holder-contact',
      text: 'select mobile, email from holder_contact where holder_id = $1',
      values: [id],
    });
    return { ...(row?.mobile && { mobile: row.mobile }), ...(row?.email && { email: row.email }) };
  }

  async setContact(tx: Transaction, id: HolderId, contact: NewContact, at: Date): Promise<void> {
    await pg(tx).execute(
      contact.kind === 'mobile'
        ? {
            name: 'holder-set-mobile',
            text: `insert into holder_contact (holder_id, mobile, mobile_answer_id, mobile_at) values ($1, $2, $3, $4)
              on conflict (holder_id) do update set mobile = $2, mobile_answer_id = $3, mobile_at = $4`,
            values: [id, contact.mobile, contact.answerId, at],
          }
        : {
            name: 'holder-set-email',
            text: `insert into holder_contact (holder_id, email, email_at) values ($1, $2, $3)
              on conflict (holder_id) do update set email = $2, email_at = $3`,
            values: [id, contact.email, at],
          },
    );
  }
}

/** An office has some thousand cases, and the country a hundred times as many: where many have such a name, its own come first. */
function addOffice(conditions: Conditions, officeId: OfficeId, terms: SearchTerms | undefined): void {
  if (terms?.kind !== 'name')
    return conditions.add(
      'exists (select from application a where a.national_id = h.national_id and a.office_id = $)',
      officeId,
    );
  const inner = new Conditions(conditions.values);
  inner.add('a.office_id = $', officeId);
  addNameWords(inner, 'a.search_key', terms);
  conditions.addText(
    `h.national_id = any(array(select distinct a.national_id from application a where ${inner.where}))`,
  );
}

function holderOf(row: HolderRow): Holder {
  return {
    id: row.id,
    nationalId: row.national_id,
    givenName: row.given_name,
    surname: row.surname,
    latinName: row.latin_name,
    councilNumber: { group: row.council_group, digits: row.council_digits },
    ...(row.first_in_person_at && { firstInPersonAt: row.first_in_person_at }),
    ...(row.last_in_person_at && { lastInPersonAt: row.last_in_person_at }),
  };
}
