import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { ApplicationDraft, DraftStore } from '../ra/drafts/application-draft.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface DraftRow {
  id: ApplicationId;
  office_id: ApplicationDraft['officeId'];
  state: ApplicationDraft['state'];
  version: number;
  content: ApplicationDraft['content'];
  saved_by: ApplicationDraft['savedBy'];
  saved_at: Date;
}

const COLUMNS = 'id, office_id, state, version, content, saved_by, saved_at';

export class PgDraftStore implements DraftStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, draft: ApplicationDraft): Promise<void> {
    await pg(tx).execute({
      text: `insert into application_draft (id, office_id, state, version, content, saved_by, saved_at)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        draft.id,
        draft.officeId,
        draft.state,
        draft.version,
        JSON.stringify(draft.content),
        draft.savedBy,
        draft.savedAt,
      ],
    });
  }

  async lock(tx: Transaction, id: ApplicationId): Promise<ApplicationDraft | undefined> {
    const [row] = await pg(tx).query<DraftRow>({
      text: `select ${COLUMNS} from application_draft where id = $1 for update`,
      values: [id],
    });
    return row && draftOf(row);
  }

  async update(tx: Transaction, draft: ApplicationDraft): Promise<void> {
    await pg(tx).execute({
      text: `update application_draft set state = $2, version = $3, content = $4, saved_by = $5, saved_at = $6 where id = $1`,
      values: [
        draft.id,
        draft.state,
        draft.version,
        JSON.stringify(draft.content),
        draft.savedBy,
        draft.savedAt,
      ],
    });
  }

  async remove(tx: Transaction, id: ApplicationId): Promise<void> {
    await pg(tx).execute({ text: 'delete from application_draft where id = $1', values: [id] });
  }

  async find(id: ApplicationId): Promise<ApplicationDraft | undefined> {
    const [row] = await this.#database.query<DraftRow>({
      text: `select ${COLUMNS} from application_draft where id = $1`,
      values: [id],
    });
    return row && draftOf(row);
  }

  async list({
    officeId,
    state,
    before,
    limit,
  }: Parameters<DraftStore['list']>[0]): Promise<ApplicationDraft[]> {
    const rows = await this.#database.query<DraftRow>({
      text: `select ${COLUMNS} from application_draft
        where ($1::uuid is null or office_id = $1) and ($2::text is null or state = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4`,
      values: [officeId ?? null, state ?? null, before ?? null, limit],
    });
    return rows.map(draftOf);
  }
}

function draftOf(row: DraftRow): ApplicationDraft {
  return {
    id: row.id,
    officeId: row.office_id,
    state: row.state,
    version: row.version,
    content: row.content,
    savedBy: row.saved_by,
    savedAt: row.saved_at,
  };
}
