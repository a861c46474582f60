import type { Transaction } from '../core/transaction.ts';
import type { CredentialId } from '../signing/sessions/credential.ts';
import type {
  SessionEnd,
  SessionId,
  SessionOfHolder,
  SessionStore,
  SessionWithContent,
} from '../signing/sessions/session.ts';
import { APPLICATION_OF_ORIGIN } from './certificate-origin.ts';
import { CREDENTIAL_COLUMNS, JOIN_STANDING, credentialOf } from './credential-row.ts';
import type { CredentialRow } from './credential-row.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import { SESSION_COLUMNS, sessionOf } from './session-row.ts';
import type { SessionRow } from './session-row.ts';

/** A check of the table ties it to the state. */
const OPEN = 'ended_at is null';
const OPEN_OF = `select ${SESSION_COLUMNS} from signature_session s
  where authority_id = $1 and serial_number = $2 and ${OPEN}`;

type HolderRow = SessionRow &
  CredentialRow & { displayed_name: string; patient_view: SessionOfHolder['patientView'] };

/** A session with who asks and whose key is to sign. */
const OF_HOLDER = `select ${SESSION_COLUMNS}, q.displayed_name, q.patient_view, ${CREDENTIAL_COLUMNS} from signature_session s
  join relying_party q on q.id = s.relying_party_id
  join certificate c on c.authority_id = s.authority_id and c.serial_number = s.serial_number
  join application a on a.id = ${APPLICATION_OF_ORIGIN} ${JOIN_STANDING}`;

export class PgSessionStore implements SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: SessionId): Promise<SessionWithContent | undefined> {
    const [row] = await this.#database.query<SessionRow>({
      name: 'session-find',
      text: `select ${SESSION_COLUMNS} from signature_session s where id = $1`,
      values: [id],
    });
    return row && sessionOf(row);
  }

  async ofIdempotencyKey(relyingPartyId: string, key: string): Promise<SessionWithContent | undefined> {
    const [row] = await this.#database.query<SessionRow>({
      name: 'session-of-idempotency-key',
      text: `select ${SESSION_COLUMNS} from signature_session s where relying_party_id = $1 and idempotency_key = $2`,
      values: [relyingPartyId, key],
    });
    return row && sessionOf(row);
  }

  async lock(tx: Transaction, id: SessionId): Promise<SessionWithContent | undefined> {
    const [row] = await pg(tx).query<SessionRow>({
      name: 'session-lock',
      text: `select ${SESSION_COLUMNS} from signature_session s where id = $1 for update`,
      values: [id],
    });
    return row && sessionOf(row);
  }

  async lockOpenOf(tx: Transaction, credential: CredentialId): Promise<SessionWithContent | undefined> {
    const [row] = await pg(tx).query<SessionRow>({
      name: 'session-lock-open',
      text: `${OPEN_OF} for update`,
      values: [credential.authorityId, credential.serialNumber],
    });
    return row && sessionOf(row);
  }

  async openOf({ authorityId, serialNumber }: CredentialId): Promise<SessionOfHolder | undefined> {
    const [row] = await this.#database.query<HolderRow>({
      name: 'session-open-of',
      text: `${OF_HOLDER} where s.authority_id = $1 and s.serial_number = $2 and s.ended_at is null
        and (s.pairing_sha256 is null or s.pairing_claimed_at is not null)`,
      values: [authorityId, serialNumber],
    });
    return row && ofHolder(row);
  }

  async ofHolder(id: SessionId): Promise<SessionOfHolder | undefined> {
    const [row] = await this.#database.query<HolderRow>({
      name: 'session-of-holder',
      text: `${OF_HOLDER} where s.id = $1`,
      values: [id],
    });
    return row && ofHolder(row);
  }

  async overdue(now: Date, limit: number): Promise<SessionId[]> {
    const rows = await this.#database.query<{ id: SessionId }>({
      name: 'session-overdue',
      text: `select id from signature_session where ${OPEN} and expires_at <= $1 order by expires_at limit $2`,
      values: [now, limit],
    });
    return rows.map(({ id }) => id);
  }

  async displayed(tx: Transaction, id: SessionId, at: Date, signingTime: Date): Promise<void> {
    await pg(tx).execute({
      name: 'session-displayed',
      text: `update signature_session set state = 'DISPLAYED', displayed_at = $2, signing_time = $3 where id = $1`,
      values: [id, at, signingTime],
    });
  }

  async codeConfirmed(tx: Transaction, id: SessionId, at: Date): Promise<void> {
    await pg(tx).execute({
      name: 'session-code-confirmed',
      text: 'update signature_session set code_confirmed_at = $2 where id = $1',
      values: [id, at],
    });
  }

  async end(tx: Transaction, id: SessionId, { state, at, failure }: SessionEnd): Promise<void> {
    await pg(tx).execute({
      name: 'session-end',
      text: `update signature_session set state = $2, ended_at = $3, failure = $4, key_id = null, sealed = null
        where id = $1`,
      values: [id, state, at, failure ?? null],
    });
  }

  async queueCallback(tx: Transaction, id: SessionId, at: Date): Promise<void> {
    await pg(tx).execute({
      name: 'signature-callback-queue',
      text: `insert into signature_callback (session_id, queued_at, next_attempt_at) values ($1, $2, $2)
        on conflict (session_id) do nothing`,
      values: [id, at],
    });
  }

  async countPinFailure(
    tx: Transaction,
    { authorityId, serialNumber }: CredentialId,
    failuresMax: number,
    at: Date,
  ): Promise<number> {
    const [{ failures }] = await pg(tx).query<{ failures: number }>({
      name: 'credential-pin-count',
      text: `insert into credential_pin as p (authority_id, serial_number, failures) values ($1, $2, 1)
        on conflict (authority_id, serial_number) do update set failures = least(p.failures + 1, $3),
          blocked_at = case when p.failures + 1 >= $3 then coalesce(p.blocked_at, $4) end
        returning failures`,
      values: [authorityId, serialNumber, failuresMax, at],
    });
    return failures;
  }

  async prune(before: Date): Promise<void> {
    await this.#database.query({
      text: `update signature_session set sealed = null, key_id = null
        where ended_at is not null and sealed is not null and ended_at <= $1`,
      values: [before],
    });
  }
}

function ofHolder(row: HolderRow): SessionOfHolder {
  return {
    session: sessionOf(row),
    displayedName: row.displayed_name,
    patientView: row.patient_view,
    credential: credentialOf(row),
  };
}
