import type { NationalId } from '../core/national-id.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Office, OfficeId, Officer, OfficerId, Role } from '../ra/officer.ts';
import type { OfficeStore, OfficerRecord } from '../ra/offices/office-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface OfficerRow {
  id: OfficerId;
  office_id: OfficeId;
  name: string;
  roles: Role[];
  national_id: NationalId | null;
  created_at: Date;
  removed_at: Date | null;
  passkeys: number;
}

const OFFICER = `o.id, o.office_id, o.name, o.roles, o.national_id, o.created_at, o.removed_at,
  (select count(*)::int from passkey p where p.officer_id = o.id and p.removed_at is null) as passkeys`;

export class PgOfficeStore implements OfficeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(officeId?: OfficeId): Promise<Office[]> {
    return this.#database.query<Office>({
      text: 'select id, kind, name from office where ($1::uuid is null or id = $1) order by name, id',
      values: [officeId ?? null],
    });
  }

  async find(tx: Transaction, id: OfficeId): Promise<Office | undefined> {
    const [row] = await pg(tx).query<Office>({
      text: 'select id, kind, name from office where id = $1',
      values: [id],
    });
    return row;
  }

  async rename(tx: Transaction, id: OfficeId, name: string): Promise<void> {
    await pg(tx).execute({ text: 'update office set name = $2 where id = $1', values: [id, name] });
  }

  async listOfficers(officeId?: OfficeId): Promise<OfficerRecord[]> {
    const rows = await this.#database.query<OfficerRow>({
      text: `select ${OFFICER} from officer o where ($1::uuid is null or o.office_id = $1) order by o.id`,
      values: [officeId ?? null],
    });
    return rows.map(recordOf);
  }

  async lockOfficer(tx: Transaction, id: OfficerId): Promise<OfficerRecord | undefined> {
    const [row] = await pg(tx).query<OfficerRow>({
      text: `select ${OFFICER} from officer o where o.id = $1 for update`,
      values: [id],
    });
    return row && recordOf(row);
  }

  async samePerson(
    tx: Transaction,
    officeId: OfficeId,
    nationalId: NationalId,
    except: OfficerId,
  ): Promise<Officer[]> {
    const rows = await pg(tx).query<OfficerRow>({
      text: `select ${OFFICER} from officer o
        where o.office_id = $1 and o.national_id = $2 and o.id <> $3 and o.removed_at is null`,
      values: [officeId, nationalId, except],
    });
    return rows.map(recordOf);
  }

  async setRoles(tx: Transaction, id: OfficerId, roles: readonly Role[]): Promise<void> {
    await pg(tx).execute({ text: 'update officer set roles = $2 where id = $1', values: [id, roles] });
  }

  async setRemoved(tx: Transaction, id: OfficerId, at: Date | undefined): Promise<void> {
    await pg(tx).execute({
      text: 'update officer set removed_at = $2 where id = $1',
      values: [id, at ?? null],
    });
  }

  async removePasskeys(tx: Transaction, id: OfficerId, at: Date): Promise<void> {
    await pg(tx).execute({
      text: 'update passkey set removed_at = $2 where officer_id = $1 and removed_at is null',
      values: [id, at],
    });
  }

  endSessions(tx: Transaction, id: OfficerId, at: Date): Promise<number> {
    return pg(tx).execute({
      text: `update officer_session set ended_at = $2
        where officer_id = $1 and ended_at is null and expires_at > $2`,
      values: [id, at],
    });
  }
}

function recordOf(row: OfficerRow): OfficerRecord {
  return {
    id: row.id,
    officeId: row.office_id,
    name: row.name,
    roles: row.roles,
    ...(row.national_id && { nationalId: row.national_id }),
    createdAt: row.created_at,
    ...(row.removed_at && { removedAt: row.removed_at }),
    passkeys: row.passkeys,
  };
}
