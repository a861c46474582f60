import { errorCode } from '../core/errors.ts';
import type { Transaction } from '../core/transaction.ts';
import type { CredentialId } from '../signing/sessions/credential.ts';
import type {
  SessionCredential,
  SessionEnd,
  SessionId,
  SessionOfParty,
  SessionStore,
  SessionToSign,
  SessionWithContent,
  SignedAnswer,
} from '../signing/sessions/session.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';
import { RepeatTransaction } from './repeat-transaction.ts';
import { SESSION_COLUMNS, sessionOf } from './session-row.ts';
import type { SessionRow } from './session-row.ts';

/** A check of the table ties it to the state. */
const OPEN = 'ended_at is null';
const OPEN_OF = `select ${SESSION_COLUMNS} from signature_session s
  where authority_id = $1 and serial_number = $2 and ${OPEN}`;

interface PartyRow {
  displayed_name: string;
  patient_view: SessionOfParty['patientView'];
}

export class PgSessionStore implements SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(
    tx: Transaction,
    session: SessionWithContent,
    pairingSha256?: Buffer,
  ): Promise<{ pushes: number } | undefined> {
    const [row] = await pg(tx).query<{ pushes: number }>({
      name: 'session-insert',
      text: `with session as (
          insert into signature_session (id, relying_party_id, authority_id, serial_number, certificate_sha256, state,
            format, verification_code, code_choices, display_sha256, idempotency_key, request_sha256, callback_url, key_id,
            sealed, created_at, expires_at, pairing_sha256, level)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) on conflict do nothing
          returning id, authority_id, serial_number, created_at, expires_at, pairing_sha256),
        wake as (
          insert into push_delivery (session_id, token_sha256, next_attempt_at, expires_at)
          select s.id, p.token_sha256, s.created_at, s.expires_at from session s join push_subscription p
            on p.authority_id = s.authority_id and p.serial_number = s.serial_number
          where s.pairing_sha256 is null
          returning 1)
        select (select count(*) from wake)::int as pushes from session`,
      values: [
        session.id,
        session.relyingPartyId,
        session.credential?.authorityId ?? null,
        session.credential?.serialNumber ?? null,
        session.credential?.certificateSha256 ?? null,
        session.state,
        session.format,
        session.verificationCode,
        session.codeChoices,
        session.displaySha256,
        session.idempotencyKey ?? null,
        session.requestSha256,
        session.callbackUrl ?? null,
        session.content?.keyId,
        session.content?.sealed,
        session.createdAt,
        session.expiresAt,
        pairingSha256 ?? null,
        session.level,
      ],
    });
    return row;
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

  async openOf({ authorityId, serialNumber }: CredentialId): Promise<SessionOfParty | undefined> {
    const [row] = await this.#database.query<SessionRow & PartyRow>({
      name: 'session-open-of',
      text: `select ${SESSION_COLUMNS}, p.displayed_name, p.patient_view from signature_session s
        join relying_party p on p.id = s.relying_party_id
        where s.authority_id = $1 and s.serial_number = $2 and s.ended_at is null
          and (s.pairing_sha256 is null or s.pairing_claimed_at is not null)`,
      values: [authorityId, serialNumber],
    });
    return row && ofParty(row);
  }

  async toSign(id: SessionId): Promise<SessionToSign | undefined> {
    const [row] = await this.#database.query<SessionRow & PartyRow & { der: Buffer }>({
      name: 'session-to-sign',
      text: `select ${SESSION_COLUMNS}, p.displayed_name, p.patient_view, c.der from signature_session s
        join relying_party p on p.id = s.relying_party_id
        join certificate c on c.authority_id = s.authority_id and c.serial_number = s.serial_number
        where s.id = $1`,
      values: [id],
    });
    return row && { ...ofParty(row), certificate: row.der };
  }

  async tryDeliver(id: SessionId, at: Date): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'session-try-deliver',
      text: `update signature_session set state = 'DELIVERED', delivered_at = $2
        where id = $1 and state = 'CREATED' and expires_at > $2 returning id`,
      values: [id, at],
    });
    return rows.length === 1;
  }

  async tryDisplay(
    { authorityId, serialNumber }: CredentialId,
    id: SessionId,
    { displaySha256, at, signingTime }: { displaySha256: Buffer; at: Date; signingTime: Date },
  ): Promise<readonly string[] | undefined> {
    const [row] = await this.#database.query<Pick<SessionRow, 'code_choices'>>({
      name: 'session-try-display',
      text: `update signature_session set state = 'DISPLAYED', displayed_at = $5, signing_time = $6
        where id = $1 and authority_id = $2 and serial_number = $3 and state = 'DELIVERED' and display_sha256 = $4
          and expires_at > $5
        returning code_choices`,
      values: [id, authorityId, serialNumber, displaySha256, at, signingTime],
    });
    return row?.code_choices;
  }

  async tryConfirm(
    { authorityId, serialNumber }: CredentialId,
    id: SessionId,
    code: string,
    at: Date,
  ): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'session-try-confirm',
      text: `update signature_session set code_confirmed_at = $5
        where id = $1 and authority_id = $2 and serial_number = $3 and state = 'DISPLAYED' and verification_code = $4
          and expires_at > $5 and code_confirmed_at is null
        returning id`,
      values: [id, authorityId, serialNumber, code, at],
    });
    return rows.length === 1;
  }

  async trySign(
    tx: Transaction,
    { authorityId, serialNumber }: CredentialId,
    id: SessionId,
    { answerSha256, made, isHandedIn, signatures, evidence }: SignedAnswer,
    at: Date,
  ): Promise<boolean> {
    const statement = {
      name: 'session-try-sign',
      text: `with ended as (
          update signature_session set state = 'SIGNED', ended_at = $4, answer_sha256 = $5, key_id = $6, sealed = $7
            where id = $1 and authority_id = $2 and serial_number = $3 and state = 'DISPLAYED'
              and code_confirmed_at is not null and expires_at > $4
              and not exists (select from made_signature m where m.signature_sha256 = any($8::bytea[]))
              and ($14 or not exists (select from handed_in_digest h
                where h.authority_id = $2 and h.serial_number = $3 and h.digest = any($13::bytea[])))
            returning id),
        made as (
          insert into made_signature (signature_sha256, session_id, position, document_sha256)
          select n.signature, e.id, n.place - 1, n.document
            from ended e, unnest($8::bytea[], $9::bytea[]) with ordinality n (signature, document, place)),
        kept as (
          insert into signature_evidence (session_id, sha256, key_id, sealed, recorded_at)
          select e.id, $10, $11, $12, $4 from ended e),
        handed_in as (
          insert into handed_in_digest (authority_id, serial_number, digest, session_id)
          select distinct $2::text, $3::bytea, n.digest, e.id from ended e, unnest($13::bytea[]) n (digest) where $14
          on conflict do nothing)
        select count(*)::int as ended from ended`,
      values: [
        id,
        authorityId,
        serialNumber,
        at,
        answerSha256,
        signatures.keyId,
        signatures.sealed,
        made.map(({ signatureSha256 }) => signatureSha256),
        made.map(({ documentSha256 }) => documentSha256),
        evidence.sha256,
        evidence.content.keyId,
        evidence.content.sealed,
        made.map(({ readyDigest }) => readyDigest ?? null),
        isHandedIn,
      ],
    };
    try {
      const [{ ended }] = await pg(tx).query<{ ended: number }>(statement);
      return ended === 1;
    } catch (error) {
      // Another session got the same signature at this very moment; once more, it is seen.
      throw errorCode(error) === '23505' ? new RepeatTransaction(error) : error;
    }
  }

  async lockPaired(tx: Transaction, pairingSha256: Buffer): Promise<SessionWithContent | undefined> {
    const [row] = await pg(tx).query<SessionRow>({
      name: 'session-lock-paired',
      text: `select ${SESSION_COLUMNS} from signature_session s where pairing_sha256 = $1 for update`,
      values: [pairingSha256],
    });
    return row && sessionOf(row);
  }

  async claim(tx: Transaction, id: SessionId, credential: SessionCredential, at: Date): Promise<boolean> {
    // Somebody may be opening a session for the same credential: the unique index knows first.
    await pg(tx).execute({ text: 'savepoint claim' });
    try {
      await pg(tx).execute({
        name: 'session-claim',
        text: `update signature_session set authority_id = $2, serial_number = $3, certificate_sha256 = $4,
          pairing_claimed_at = $5 where id = $1`,
        values: [id, credential.authorityId, credential.serialNumber, credential.certificateSha256, at],
      });
      return true;
    } catch (error) {
      if (errorCode(error) !== '23505') throw error;
      await pg(tx).execute({ text: 'rollback to savepoint claim' });
      return false;
    }
  }

  async countPairingRefusal(tx: Transaction, id: SessionId): Promise<void> {
    await pg(tx).execute({
      name: 'session-pairing-refusal',
      text: 'update signature_session set pairing_refusals = pairing_refusals + 1 where id = $1',
      values: [id],
    });
  }

  async renewPairing(tx: Transaction, id: SessionId, pairingSha256: Buffer): Promise<boolean> {
    const renewed = await pg(tx).execute({
      name: 'session-pairing-renew',
      text: `update signature_session set pairing_sha256 = $2
        where id = $1 and pairing_sha256 is not null and pairing_claimed_at is null and ${OPEN}`,
      values: [id, pairingSha256],
    });
    return renewed === 1;
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

  async forgetPinFailures(tx: Transaction, { authorityId, serialNumber }: CredentialId): Promise<void> {
    await pg(tx).execute({
      name: 'credential-pin-forget',
      text: `update credential_pin set failures = 0
        where authority_id = $1 and serial_number = $2 and failures > 0 and blocked_at is null`,
      values: [authorityId, serialNumber],
    });
  }

  async prune(before: Date): Promise<void> {
    await this.#database.query({
      text: `update signature_session set sealed = null, key_id = null
        where ended_at is not null and sealed is not null and ended_at <= $1`,
      values: [before],
    });
  }
}

function ofParty(row: SessionRow & PartyRow): SessionOfParty {
  return { session: sessionOf(row), displayedName: row.displayed_name, patientView: row.patient_view };
}
