import type { Transaction } from '../core/transaction.ts';
import type { Office, Officer, OfficerId } from '../ra/officer.ts';
import type { LoginLink, OfficerSession, OfficerStore } from '../ra/officer-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface OfficerRow {
  id: Officer['id'];
  office_id: Officer['officeId'];
  name: string;
  roles: Officer['roles'];
}

export class PgOfficerStore implements OfficerStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertOffice(tx: Transaction, office: Office, createdAt: Date): Promise<void> {
    await pg(tx).execute({
      text: 'insert into office (id, kind, name, created_at) values ($1, $2, $3, $4)',
      values: [office.id, office.kind, office.name, createdAt],
    });
  }

  async insertOfficer(tx: Transaction, officer: Officer, createdAt: Date): Promise<void> {
    await pg(tx).execute({
      text: 'insert into officer (id, office_id, name, roles, created_at) values ($1, $2, $3, $4, $5)',
      values: [officer.id, officer.officeId, officer.name, officer.roles, createdAt],
    });
  }

  async listOfficers(tx: Transaction): Promise<Officer[]> {
    const rows = await pg(tx).query<OfficerRow>({
      text: 'select id, office_id, name, roles from officer order by id',
    });
    return rows.map(officerOf);
  }

  async findOfficer(tx: Transaction, id: OfficerId): Promise<Officer | undefined> {
    const [row] = await pg(tx).query<OfficerRow>({
      text: 'select id, office_id, name, roles from officer where id = $1',
      values: [id],
    });
    return row && officerOf(row);
  }

  async insertLoginLink(tx: Transaction, link: LoginLink): Promise<void> {
    await pg(tx).execute({
      text: 'insert into login_link (secret_sha256, officer_id, expires_at) values ($1, $2, $3)',
      values: [link.secretSha256, link.officerId, link.expiresAt],
    });
  }

  async useLoginLink(tx: Transaction, secretSha256: Buffer, now: Date): Promise<OfficerId | undefined> {
    const [row] = await pg(tx).query<{ officer_id: OfficerId }>({
      text: `update login_link set used_at = $2
        where secret_sha256 = $1 and used_at is null and expires_at > $2 returning officer_id`,
      values: [secretSha256, now],
    });
    return row?.officer_id;
  }

  async insertSession(tx: Transaction, session: OfficerSession): Promise<void> {
    await pg(tx).execute({
      text: 'insert into officer_session (secret_sha256, officer_id, created_at, expires_at) values ($1, $2, $3, $4)',
      values: [session.secretSha256, session.officerId, session.createdAt, session.expiresAt],
    });
  }

  async endSession(tx: Transaction, secretSha256: Buffer, now: Date): Promise<void> {
    await pg(tx).execute({
      text: 'update officer_session set ended_at = $2 where secret_sha256 = $1 and ended_at is null',
      values: [secretSha256, now],
    });
  }

  async officerOfSession(secretSha256: Buffer, now: Date): Promise<Officer | undefined> {
    const [row] = await this.#database.query<OfficerRow>({
      name: 'officer-of-session',
      text: `select o.id, o.office_id, o.name, o.roles from officer_session s join officer o on o.id = s.officer_id
        where s.secret_sha256 = $1 and s.expires_at > $2 and s.ended_at is null`,
      values: [secretSha256, now],
    });
    return row && officerOf(row);
  }
}

function officerOf(row: OfficerRow): Officer {
  return { id: row.id, officeId: row.office_id, name: row.name, roles: row.roles };
}
