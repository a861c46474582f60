import type { Transaction } from '../core/transaction.ts';
import type {
  AuthorizationId,
  CscAuthorization,
  CscAuthorizationStore,
} from '../signing/csc/csc-authorization.ts';
import type { SealedContent } from '../signing/sealed-content.ts';
import type { SessionId } from '../signing/sessions/session.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface Row {
  id: AuthorizationId;
  relying_party_id: string;
  scope: CscAuthorization['scope'];
  session_id: SessionId;
  user_id: string | null;
  interaction_sha256: Buffer | null;
  request_sha256: Buffer;
  hashes: Buffer[];
  created_at: Date;
  sad_sha256: Buffer | null;
  used_at: Date | null;
  key_id: string | null;
  sealed: Buffer | null;
  answer_until: Date | null;
}

const SELECT = `select id, relying_party_id, scope, session_id, user_id, interaction_sha256, request_sha256, hashes,
  created_at, sad_sha256, used_at, key_id, sealed, answer_until from csc_authorization`;

export class PgCscAuthorizationStore implements CscAuthorizationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, authorization: CscAuthorization): Promise<boolean> {
    const inserted = await pg(tx).execute({
      name: 'csc-authorization-insert',
      text: `insert into csc_authorization (id, relying_party_id, scope, session_id, user_id, interaction_sha256,
          request_sha256, hashes, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (interaction_sha256) do nothing`,
      values: [
        authorization.id,
        authorization.relyingPartyId,
        authorization.scope,
        authorization.sessionId,
        authorization.userId ?? null,
        authorization.interactionSha256 ?? null,
        authorization.requestSha256,
        authorization.hashes,
        authorization.createdAt,
      ],
    });
    return inserted === 1;
  }

  find(id: AuthorizationId): Promise<CscAuthorization | undefined> {
    return this.#one('find', 'id::text = $1', [id]);
  }

  async lock(tx: Transaction, id: AuthorizationId): Promise<CscAuthorization | undefined> {
    const [row] = await pg(tx).query<Row>({
      name: 'csc-authorization-lock',
      text: `${SELECT} where id = $1 for update`,
      values: [id],
    });
    return row && authorizationOf(row);
  }

  ofInteraction(interactionSha256: Buffer): Promise<CscAuthorization | undefined> {
    return this.#one('of-interaction', 'interaction_sha256 = $1', [interactionSha256]);
  }

  ofSad(sadSha256: Buffer): Promise<CscAuthorization | undefined> {
    return this.#one('of-sad', 'sad_sha256 = $1', [sadSha256]);
  }

  ofRequest(
    relyingPartyId: string,
    requestSha256: Buffer,
    since: Date,
  ): Promise<CscAuthorization | undefined> {
    const unused = `relying_party_id = $1 and request_sha256 = $2 and created_at > $3 and used_at is null
      and interaction_sha256 is null order by created_at desc limit 1`;
    return this.#one('of-request', unused, [relyingPartyId, requestSha256, since]);
  }

  async setSad(tx: Transaction, id: AuthorizationId, sadSha256: Buffer): Promise<void> {
    await pg(tx).execute({
      name: 'csc-authorization-set-sad',
      text: 'update csc_authorization set sad_sha256 = $2 where id = $1',
      values: [id, sadSha256],
    });
  }

  async setUsed(
    tx: Transaction,
    id: AuthorizationId,
    { at, answer, answerUntil }: { at: Date; answer?: SealedContent; answerUntil?: Date },
  ): Promise<void> {
    await pg(tx).execute({
      name: 'csc-authorization-set-used',
      text: `update csc_authorization set used_at = $2, key_id = $3, sealed = $4, answer_until = $5 where id = $1`,
      values: [id, at, answer?.keyId ?? null, answer?.sealed ?? null, answerUntil ?? null],
    });
  }

  async pruneAnswers(now: Date): Promise<void> {
    await this.#database.query({
      text: `update csc_authorization set key_id = null, sealed = null where sealed is not null and answer_until <= $1`,
      values: [now],
    });
  }

  async #one(name: string, condition: string, values: unknown[]): Promise<CscAuthorization | undefined> {
    const text = `${SELECT} where ${condition}`;
    const [row] = await this.#database.query<Row>({ name: `csc-authorization-${name}`, text, values });
    return row && authorizationOf(row);
  }
}

function authorizationOf(row: Row): CscAuthorization {
  return {
    id: row.id,
    relyingPartyId: row.relying_party_id,
    scope: row.scope,
    sessionId: row.session_id,
    requestSha256: row.request_sha256,
    hashes: row.hashes,
    createdAt: row.created_at,
    ...(row.user_id !== null && { userId: row.user_id }),
    ...(row.interaction_sha256 && { interactionSha256: row.interaction_sha256 }),
    ...(row.sad_sha256 && { sadSha256: row.sad_sha256 }),
    ...(row.used_at && { usedAt: row.used_at }),
    ...(row.sealed && row.key_id !== null && { answer: { keyId: row.key_id, sealed: row.sealed } }),
    ...(row.answer_until && { answerUntil: row.answer_until }),
  };
}
