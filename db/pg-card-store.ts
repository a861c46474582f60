import type { Transaction } from '../core/transaction.ts';
import type { Card, CardBatch, CardCertificate, CardChange, CardId } from '../ra/cards/card.ts';
import type { CardCount, CardFilter, CardStore } from '../ra/cards/card-store.ts';
import type { OfficeId } from '../ra/officer.ts';
import { JOIN_CERTIFICATES_OF_APPLICATION } from './certificate-origin.ts';
import type { Database } from './database.ts';
import { likePrefix } from './like-pattern.ts';
import { pg } from './pg-transaction.ts';

interface CardRow {
  id: CardId;
  serial: string;
  batch_id: Card['batchId'];
  card_type: string;
  office_id: OfficeId | null;
  state: Card['state'];
  version: number;
  changed_at: Date;
}

interface BatchRow {
  id: CardBatch['id'];
  reference: string;
  card_type: string;
  cards: number;
  list_sha256: Buffer;
  imported_by: CardBatch['importedBy'];
  imported_at: Date;
}

interface CertificateRow {
  authority_id: string;
  serial_number: Buffer;
}

const SELECT = `select c.id, c.serial, c.batch_id, b.card_type, c.office_id, c.state, c.version, c.changed_at
  from card c join card_batch b on b.id = c.batch_id`;
const BATCH_COLUMNS = 'id, reference, card_type, cards, list_sha256, imported_by, imported_at';
const CERTIFICATES = `select c.authority_id, c.serial_number
  from personalisation p join application a on a.id = p.application_id ${JOIN_CERTIFICATES_OF_APPLICATION}
  where p.card_id = $1 and p.state <> 'abandoned' order by c.issued_at`;

export class PgCardStore implements CardStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertBatch(tx: Transaction, batch: CardBatch): Promise<CardBatch | undefined> {
    const inserted = await pg(tx).execute({
      name: 'card-insert-batch',
      text: `insert into card_batch (${BATCH_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (reference) do nothing`,
      values: [
        batch.id,
        batch.reference,
        batch.cardType,
        batch.cards,
        batch.listSha256,
        batch.importedBy,
        batch.importedAt,
      ],
    });
    if (inserted === 1) return undefined;
    const [row] = await pg(tx).query<BatchRow>({
      name: 'card-batch-by-reference',
      text: `select ${BATCH_COLUMNS} from card_batch where reference = $1`,
      values: [batch.reference],
    });
    return batchOf(row);
  }

  async insertAll(tx: Transaction, cards: readonly Card[]): Promise<string[]> {
    const serials = cards.map(({ serial }) => serial);
    await pg(tx).execute({
      name: 'card-insert-all',
      text: `insert into card (id, serial, batch_id, state, version, changed_at)
        select id, serial, batch_id, state, 1, changed_at
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
          as n (id, serial, batch_id, state, changed_at)
        on conflict (serial) do nothing`,
      values: [
        cards.map(({ id }) => id),
        serials,
        cards.map(({ batchId }) => batchId),
        cards.map(({ state }) => state),
        cards.map(({ changedAt }) => changedAt.toISOString()),
      ],
    });
    const rows = await pg(tx).query<{ serial: string }>({
      name: 'card-of-others',
      text: 'select serial from card where serial = any($1::text[]) and not (id = any($2::uuid[])) order by serial',
      values: [serials, cards.map(({ id }) => id)],
    });
    return rows.map(({ serial }) => serial);
  }

  async listBatches(limit: number): Promise<CardBatch[]> {
    const rows = await this.#database.query<BatchRow>({
      name: 'card-batches',
      text: `select ${BATCH_COLUMNS} from card_batch order by id desc limit $1`,
      values: [limit],
    });
    return rows.map(batchOf);
  }

  async lock(tx: Transaction, id: CardId): Promise<Card | undefined> {
    const [row] = await pg(tx).query<CardRow>({
      name: 'card-lock',
      text: `${SELECT} where c.id = $1 for update of c`,
      values: [id],
    });
    return row && cardOf(row);
  }

  async lockBySerial(tx: Transaction, serial: string): Promise<Card | undefined> {
    const [row] = await pg(tx).query<CardRow>({
      name: 'card-lock-by-serial',
      text: `${SELECT} where c.serial = $1 for update of c`,
      values: [serial],
    });
    return row && cardOf(row);
  }

  async change(tx: Transaction, card: Card, change: CardChange): Promise<void> {
    await pg(tx).execute({
      name: 'card-change',
      text: 'update card set office_id = $2, state = $3, version = $4, changed_at = $5 where id = $1',
      values: [card.id, card.officeId ?? null, card.state, card.version, card.changedAt],
    });
    await pg(tx).execute({
      name: 'card-insert-change',
      text: `insert into card_change (card_id, version, action, to_state, office_id, application_id, note,
          changed_by, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        change.cardId,
        change.version,
        change.action,
        change.to,
        change.officeId ?? null,
        change.applicationId ?? null,
        change.note ?? null,
        change.changedBy,
        change.changedAt,
      ],
    });
  }

  async find(id: CardId): Promise<Card | undefined> {
    const [row] = await this.#database.query<CardRow>({
      name: 'card-find',
      text: `${SELECT} where c.id = $1`,
      values: [id],
    });
    return row && cardOf(row);
  }

  async findBySerial(serial: string): Promise<Card | undefined> {
    const [row] = await this.#database.query<CardRow>({
      name: 'card-find-by-serial',
      text: `${SELECT} where c.serial = $1`,
      values: [serial],
    });
    return row && cardOf(row);
  }

  async list({ officeId, state, serial, before, limit }: CardFilter): Promise<Card[]> {
    const rows = await this.#database.query<CardRow>({
      name: 'card-list',
      text: `${SELECT} where ($1::uuid is null or c.office_id = $1) and ($2::text is null or c.state = $2)
        and ($3::text is null or c.serial like $3) and ($4::uuid is null or c.id < $4) order by c.id desc limit $5`,
      values: [
        officeId ?? null,
        state ?? null,
        serial === undefined ? null : likePrefix(serial),
        before ?? null,
        limit,
      ],
    });
    return rows.map(cardOf);
  }

  async counts(officeId?: OfficeId): Promise<CardCount[]> {
    const rows = await this.#database.query<{
      office_id: OfficeId | null;
      state: Card['state'];
      cards: string;
    }>({
      name: 'card-counts',
      text: `select office_id, state, count(*) as cards from card where $1::uuid is null or office_id = $1
        group by office_id, state order by office_id nulls first, state`,
      values: [officeId ?? null],
    });
    return rows.map((row) => ({
      ...(row.office_id && { officeId: row.office_id }),
      state: row.state,
      cards: Number(row.cards),
    }));
  }

  async changesOf(id: CardId): Promise<CardChange[]> {
    const rows = await this.#database.query<{
      version: number;
      action: CardChange['action'];
      to_state: Card['state'];
      office_id: OfficeId | null;
      application_id: CardChange['applicationId'] | null;
      note: string | null;
      changed_by: string;
      changed_at: Date;
    }>({
      name: 'card-changes',
      text: `select version, action, to_state, office_id, application_id, note, changed_by, changed_at
        from card_change where card_id = $1 order by version`,
      values: [id],
    });
    return rows.map((row) => ({
      cardId: id,
      version: row.version,
      action: row.action,
      to: row.to_state,
      ...(row.office_id && { officeId: row.office_id }),
      ...(row.application_id && { applicationId: row.application_id }),
      ...(row.note !== null && { note: row.note }),
      changedBy: row.changed_by,
      changedAt: row.changed_at,
    }));
  }

  async certificatesOf(id: CardId): Promise<CardCertificate[]> {
    const statement = { name: 'card-certificates', text: CERTIFICATES, values: [id] };
    return (await this.#database.query<CertificateRow>(statement)).map(certificateOf);
  }

  async certificatesIn(tx: Transaction, id: CardId): Promise<CardCertificate[]> {
    const statement = { name: 'card-certificates', text: CERTIFICATES, values: [id] };
    return (await pg(tx).query<CertificateRow>(statement)).map(certificateOf);
  }
}

function cardOf(row: CardRow): Card {
  return {
    id: row.id,
    serial: row.serial,
    batchId: row.batch_id,
    cardType: row.card_type,
    ...(row.office_id && { officeId: row.office_id }),
    state: row.state,
    version: row.version,
    changedAt: row.changed_at,
  };
}

function batchOf(row: BatchRow): CardBatch {
  return {
    id: row.id,
    reference: row.reference,
    cardType: row.card_type,
    cards: row.cards,
    listSha256: row.list_sha256,
    importedBy: row.imported_by,
    importedAt: row.imported_at,
  };
}

function certificateOf(row: CertificateRow): CardCertificate {
  return { authorityId: row.authority_id, serialNumber: row.serial_number };
}
