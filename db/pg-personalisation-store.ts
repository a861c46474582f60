import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { CardId } from '../ra/cards/card.ts';
import type { OfficeId } from '../ra/officer.ts';
import type { Personalisation, PersonalisationId } from '../ra/personalisation/personalisation.ts';
import type { PersonalisationStore, Unconfirmed } from '../ra/personalisation/personalisation-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface PersonalisationRow {
  id: PersonalisationId;
  application_id: ApplicationId;
  card_id: CardId;
  office_id: OfficeId;
  key_type: Personalisation['keyType'];
  purpose: Personalisation['purpose'];
  state: Personalisation['state'];
  version: number;
  spki: Buffer | null;
  challenge: Buffer | null;
  receipt: Buffer | null;
  opened_by: Personalisation['openedBy'];
  opened_at: Date;
  changed_at: Date;
}

const COLUMNS = `id, application_id, card_id, office_id, key_type, purpose, state, version, spki, challenge, receipt,
    opened_by, opened_at, changed_at`;

const CONFIRMED = `exists (select from personalisation p where p.application_id = a.id and p.state in ('tested', 'completed'))`;

export class PgPersonalisationStore implements PersonalisationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, one: Personalisation): Promise<boolean> {
    const inserted = await pg(tx).execute({
      name: 'personalisation-insert',
      text: `insert into personalisation (${COLUMNS})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict (application_id) where state <> 'abandoned' do nothing`,
      values: [
        one.id,
        one.applicationId,
        one.cardId,
        one.officeId,
        one.keyType,
        one.purpose,
        one.state,
        one.version,
        one.subjectPublicKeyInfo ?? null,
        one.challenge ?? null,
        one.receipt ?? null,
        one.openedBy,
        one.openedAt,
        one.changedAt,
      ],
    });
    return inserted === 1;
  }

  async lock(tx: Transaction, id: PersonalisationId): Promise<Personalisation | undefined> {
    const [row] = await pg(tx).query<PersonalisationRow>({
      name: 'personalisation-lock',
      text: `select ${COLUMNS} from personalisation where id = $1 for update`,
      values: [id],
    });
    return row && personalisationOf(row);
  }

  async update(tx: Transaction, one: Personalisation): Promise<void> {
    await pg(tx).execute({
      name: 'personalisation-update',
      text: `update personalisation set state = $2, version = $3, spki = $4, challenge = $5, receipt = $6, changed_at = $7
        where id = $1`,
      values: [
        one.id,
        one.state,
        one.version,
        one.subjectPublicKeyInfo ?? null,
        one.challenge ?? null,
        one.receipt ?? null,
        one.changedAt,
      ],
    });
  }

  async find(id: PersonalisationId): Promise<Personalisation | undefined> {
    const [row] = await this.#database.query<PersonalisationRow>({
      name: 'personalisation-find',
      text: `select ${COLUMNS} from personalisation where id = $1`,
      values: [id],
    });
    return row && personalisationOf(row);
  }

  async ofApplication(id: ApplicationId): Promise<Personalisation | undefined> {
    const [row] = await this.#database.query<PersonalisationRow>({
      name: 'personalisation-of-application',
      text: `select ${COLUMNS} from personalisation where application_id = $1 and state <> 'abandoned'`,
      values: [id],
    });
    return row && personalisationOf(row);
  }

  async underWay(officeId: OfficeId | undefined, limit: number): Promise<Personalisation[]> {
    const rows = await this.#database.query<PersonalisationRow>({
      name: 'personalisations-under-way',
      text: `select ${COLUMNS} from personalisation
        where state not in ('completed', 'abandoned') and ($1::uuid is null or office_id = $1)
        order by id desc limit $2`,
      values: [officeId ?? null, limit],
    });
    return rows.map(personalisationOf);
  }

  async othersOnCard(
    tx: Transaction,
    cardId: CardId,
    except: ApplicationId,
  ): Promise<{ id: PersonalisationId; nationalId?: NationalId }[]> {
    const rows = await pg(tx).query<{ id: PersonalisationId; national_id: NationalId | null }>({
      name: 'personalisations-on-card',
      text: `select p.id, a.national_id from personalisation p left join application a on a.id = p.application_id
        where p.card_id = $1 and p.state <> 'abandoned' and p.application_id <> $2`,
      values: [cardId, except],
    });
    return rows.map((row) => ({ id: row.id, ...(row.national_id && { nationalId: row.national_id }) }));
  }

  async unconfirmed(issuedUntil: Date, limit: number): Promise<Unconfirmed[]> {
    const rows = await this.#database.query<{
      id: ApplicationId;
      authority_id: string;
      serial_number: Buffer;
    }>({
      name: 'personalisations-unconfirmed',
      text: `select a.id, c.authority_id, c.serial_number
        from application a join certificate c on c.origin = 'application:' || a.id
        join lateral (select event from status_change
          where authority_id = c.authority_id and serial_number = c.serial_number
          order by change_number desc limit 1) s on true
        where a.state = 'issued' and c.issued_at <= $1 and s.event in ('issued', 'released')
          and exists (select from personalisation p where p.application_id = a.id) and not ${CONFIRMED}
        order by a.id limit $2`,
      values: [issuedUntil, limit],
    });
    return rows.map((row) => ({
      applicationId: row.id,
      authorityId: row.authority_id,
      serialNumber: row.serial_number,
    }));
  }

  async isConfirmed(tx: Transaction, id: ApplicationId): Promise<boolean> {
    const [row] = await pg(tx).query<{ confirmed: boolean }>({
      name: 'personalisation-confirmed',
      text: `select ${CONFIRMED} as confirmed from application a where a.id = $1`,
      values: [id],
    });
    return row?.confirmed ?? false;
  }

  async withoutCase(limit: number): Promise<PersonalisationId[]> {
    const rows = await this.#database.query<{ id: PersonalisationId }>({
      name: 'personalisations-without-case',
      text: `select p.id from personalisation p left join application a on a.id = p.application_id
        where p.state not in ('completed', 'abandoned') and (a.state in ('rejected', 'withdrawn', 'expired')
          or (a.id is null and not exists (select from application_draft d where d.id = p.application_id)))
        order by p.id limit $1`,
      values: [limit],
    });
    return rows.map(({ id }) => id);
  }
}

function personalisationOf(row: PersonalisationRow): Personalisation {
  return {
    id: row.id,
    applicationId: row.application_id,
    cardId: row.card_id,
    officeId: row.office_id,
    keyType: row.key_type,
    purpose: row.purpose,
    state: row.state,
    version: row.version,
    ...(row.spki && { subjectPublicKeyInfo: row.spki }),
    ...(row.challenge && { challenge: row.challenge }),
    ...(row.receipt && { receipt: row.receipt }),
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    changedAt: row.changed_at,
  };
}
