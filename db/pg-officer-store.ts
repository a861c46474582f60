import type { Transaction } from '../core/transaction.ts';
import type { NationalId } from '../core/national-id.ts';
import type { Office, Officer, OfficerId } from '../ra/officer.ts';
import type {
  KnownSession,
  ListedSession,
  LoginLink,
  OfficerSession,
  OfficerStore,
  SessionId,
} from '../ra/officer-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface OfficerRow {
  id: Officer['id'];
  office_id: Officer['officeId'];
  name: string;
  roles: Officer['roles'];
  national_id: NationalId | null;
}

const COLUMNS = 'o.id, o.office_id, o.name, o.roles, o.national_id';

interface SessionRow extends OfficerRow {
  office_kind: Office['kind'];
  office_name: string;
  method: KnownSession['method'];
  session_id: SessionId;
  session_created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  certificate_sha256: Buffer | null;
}

interface ListedRow {
  id: SessionId;
  method: ListedSession['method'];
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  opened_from: string | null;
  user_agent: string | null;
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
      text: 'insert into officer (id, office_id, name, roles, national_id, created_at) values ($1, $2, $3, $4, $5, $6)',
      values: [
        officer.id,
        officer.officeId,
        officer.name,
        officer.roles,
        officer.nationalId ?? null,
        createdAt,
      ],
    });
  }

  async listOfficers(tx: Transaction): Promise<Officer[]> {
    const rows = await pg(tx).query<OfficerRow>({
      text: `select ${COLUMNS} from officer o where o.removed_at is null order by o.id`,
    });
    return rows.map(officerOf);
  }

  async findOfficer(tx: Transaction, id: OfficerId): Promise<Officer | undefined> {
    const [row] = await pg(tx).query<OfficerRow>({
      text: `select ${COLUMNS} from officer o where o.id = $1 and o.removed_at is null`,
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
      text: `insert into officer_session (id, secret_sha256, officer_id, method, created_at, last_seen_at, expires_at,
          certificate_sha256, opened_from, user_agent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        session.id,
        session.secretSha256,
        session.officerId,
        session.method,
        session.createdAt,
        session.lastSeenAt,
        session.expiresAt,
        session.certificateSha256 ?? null,
        session.openedFrom ?? null,
        session.userAgent ?? null,
      ],
    });
  }

  async endSession(tx: Transaction, secretSha256: Buffer, now: Date): Promise<void> {
    await pg(tx).execute({
      text: 'update officer_session set ended_at = $2 where secret_sha256 = $1 and ended_at is null',
      values: [secretSha256, now],
    });
  }

  async findSession(secretSha256: Buffer, now: Date): Promise<KnownSession | undefined> {
    const [row] = await this.#database.query<SessionRow>({
      name: 'officer-session-find',
      text: `select ${COLUMNS}, f.kind as office_kind, f.name as office_name, s.id as session_id, s.method,
          s.created_at as session_created_at, s.last_seen_at, s.expires_at, s.certificate_sha256
        from officer_session s join officer o on o.id = s.officer_id join office f on f.id = o.office_id
        where s.secret_sha256 = $1 and s.expires_at > $2 and s.ended_at is null and o.removed_at is null`,
      values: [secretSha256, now],
    });
    return row && sessionOf(row);
  }

  async touchSession(secretSha256: Buffer, now: Date): Promise<void> {
    await this.#database.query({
      text: 'update officer_session set last_seen_at = greatest(last_seen_at, $2) where secret_sha256 = $1',
      values: [secretSha256, now],
    });
  }

  async endOverdueSession(secretSha256: Buffer, now: Date, idleSince: Date): Promise<void> {
    await this.#database.query({
      text: `update officer_session set ended_at = $2
        where secret_sha256 = $1 and ended_at is null and (expires_at <= $2 or last_seen_at < $3)`,
      values: [secretSha256, now, idleSince],
    });
  }

  async listSessions(
    tx: Transaction,
    officerId: OfficerId,
    now: Date,
    idleSince: Date,
  ): Promise<ListedSession[]> {
    const rows = await pg(tx).query<ListedRow>({
      text: `select id, method, created_at, last_seen_at, expires_at, opened_from, user_agent from officer_session
        where officer_id = $1 and ended_at is null and expires_at > $2 and last_seen_at >= $3
        order by created_at desc, id desc`,
      values: [officerId, now, idleSince],
    });
    return rows.map(listedOf);
  }

  async endSessionOf(tx: Transaction, officerId: OfficerId, id: SessionId, now: Date): Promise<boolean> {
    const ended = await pg(tx).execute({
      text: `update officer_session set ended_at = $3
        where id = $2 and officer_id = $1 and ended_at is null and expires_at > $3`,
      values: [officerId, id, now],
    });
    return ended > 0;
  }

  endSessionsBut(tx: Transaction, officerId: OfficerId, kept: SessionId, now: Date): Promise<number> {
    return pg(tx).execute({
      text: `update officer_session set ended_at = $3
        where officer_id = $1 and id <> $2 and ended_at is null and expires_at > $3`,
      values: [officerId, kept, now],
    });
  }
}

function listedOf(row: ListedRow): ListedSession {
  return {
    id: row.id,
    method: row.method,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    ...(row.opened_from !== null && { openedFrom: row.opened_from }),
    ...(row.user_agent !== null && { userAgent: row.user_agent }),
  };
}

function sessionOf(row: SessionRow): KnownSession {
  return {
    officer: officerOf(row),
    office: { id: row.office_id, kind: row.office_kind, name: row.office_name },
    id: row.session_id,
    method: row.method,
    createdAt: row.session_created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    ...(row.certificate_sha256 && { certificateSha256: row.certificate_sha256 }),
  };
}

function officerOf(row: OfficerRow): Officer {
  return {
    id: row.id,
    officeId: row.office_id,
    name: row.name,
    roles: row.roles,
    ...(row.national_id && { nationalId: row.national_id }),
  };
}
