import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { OfficeId, OfficerId, Role } from '../ra/officer.ts';
import type {
  OfficerChange,
  OfficerChangeFilter,
  OfficerChangeId,
  OfficerChangeStore,
} from '../ra/offices/officer-change.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface ChangeRow {
  id: OfficerChangeId;
  kind: OfficerChange['kind'];
  office_id: OfficeId;
  officer_id: OfficerId;
  name: string | null;
  national_id: NationalId | null;
  roles: Role[] | null;
  certification_request: Buffer | null;
  proposed_by: OfficerId;
  proposed_at: Date;
  state: OfficerChange['state'];
  decided_by: OfficerId | null;
  decided_at: Date | null;
}

const COLUMNS = `id, kind, office_id, officer_id, name, national_id, roles, certification_request, proposed_by, proposed_at,
  state, decided_by, decided_at`;

export class PgOfficerChangeStore implements OfficerChangeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, change: OfficerChange): Promise<boolean> {
    const inserted = await pg(tx).execute({
      text: `insert into officer_change (id, kind, office_id, officer_id, name, national_id, roles, certification_request,
          proposed_by, proposed_at, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (officer_id, kind) where state = 'pending' do nothing`,
      values: [
        change.id,
        change.kind,
        change.officeId,
        change.officerId,
        'name' in change ? change.name : null,
        'nationalId' in change ? (change.nationalId ?? null) : null,
        'roles' in change ? change.roles : null,
        'certificationRequest' in change ? change.certificationRequest : null,
        change.proposedBy,
        change.proposedAt,
        change.state,
      ],
    });
    return inserted === 1;
  }

  async lock(tx: Transaction, id: OfficerChangeId): Promise<OfficerChange | undefined> {
    const [row] = await pg(tx).query<ChangeRow>({
      text: `select ${COLUMNS} from officer_change where id = $1 for update`,
      values: [id],
    });
    return row && changeOf(row);
  }

  async decide(
    tx: Transaction,
    id: OfficerChangeId,
    { state, decidedBy, decidedAt }: Required<Pick<OfficerChange, 'state' | 'decidedBy' | 'decidedAt'>>,
  ): Promise<OfficerChange> {
    const [row] = await pg(tx).query<ChangeRow>({
      text: `update officer_change set state = $2, decided_by = $3, decided_at = $4 where id = $1 returning ${COLUMNS}`,
      values: [id, state, decidedBy, decidedAt],
    });
    return changeOf(row);
  }

  async list({ officeId, state, before, limit }: OfficerChangeFilter): Promise<OfficerChange[]> {
    const rows = await this.#database.query<ChangeRow>({
      text: `select ${COLUMNS} from officer_change
        where ($1::uuid is null or office_id = $1) and ($2::text is null or state = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4`,
      values: [officeId ?? null, state ?? null, before ?? null, limit],
    });
    return rows.map(changeOf);
  }
}

/** The table's checks say which columns go with which kind. */
function changeOf(row: ChangeRow): OfficerChange {
  return {
    id: row.id,
    kind: row.kind,
    officeId: row.office_id,
    officerId: row.officer_id,
    ...(row.name !== null && { name: row.name }),
    ...(row.national_id !== null && { nationalId: row.national_id }),
    ...(row.roles && { roles: row.roles }),
    ...(row.certification_request && { certificationRequest: row.certification_request }),
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    state: row.state,
    ...(row.decided_by && { decidedBy: row.decided_by }),
    ...(row.decided_at && { decidedAt: row.decided_at }),
  } as OfficerChange;
}
