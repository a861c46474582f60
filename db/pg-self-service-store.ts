import type { Transaction } from '../core/transaction.ts';
import type { HolderId } from '../ra/holders/holder.ts';
import type { SecretHash } from '../ra/self-service/secret-hash.ts';
import type {
  CodeId,
  CodePurpose,
  NewCode,
  SelfServiceStore,
} from '../ra/self-service/self-service-store.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

export class PgSelfServiceStore implements SelfServiceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async countTry(
    tx: Transaction,
    subjectSha256: Buffer,
    kind: 'secret' | 'code-request',
    now: Date,
    windowEndsAt: Date,
  ): Promise<number> {
    // Whoever tries out numbers leaves no more rows than an hour of trying makes.
    await pg(tx).execute({
      name: 'self-service-forget-old',
      text: 'delete from self_service_try where window_ends_at <= $1 and subject_sha256 <> $2',
      values: [now, subjectSha256],
    });
    const [{ tries }] = await pg(tx).query<{ tries: number }>({
      name: 'self-service-count',
      text: `insert into self_service_try as t (subject_sha256, kind, tries, window_ends_at) values ($1, $2, 1, $4)
        on conflict (subject_sha256, kind) do update set
          tries = case when t.window_ends_at <= $3 then 1 else t.tries + 1 end,
          window_ends_at = case when t.window_ends_at <= $3 then $4 else t.window_ends_at end
        returning tries`,
      values: [subjectSha256, kind, now, windowEndsAt],
    });
    return tries;
  }

  async forgetTries(tx: Transaction, subjectSha256: Buffer): Promise<void> {
    await pg(tx).execute({
      name: 'self-service-forget',
      text: `delete from self_service_try where subject_sha256 = $1 and kind = 'secret'`,
      values: [subjectSha256],
    });
  }

  async setPassword(
    tx: Transaction,
    holderId: HolderId,
    { salt, hash }: SecretHash,
    at: Date,
  ): Promise<void> {
    await pg(tx).execute({
      name: 'self-service-set-password',
      text: `insert into revocation_password (holder_id, salt, hash, set_at) values ($1, $2, $3, $4)
        on conflict (holder_id) do update set salt = $2, hash = $3, set_at = $4`,
      values: [holderId, salt, hash, at],
    });
  }

  async passwordOf(holderId: HolderId): Promise<SecretHash | undefined> {
    const [row] = await this.#database.query<{ salt: Buffer; hash: Buffer }>({
      name: 'self-service-password',
      text: 'select salt, hash from revocation_password where holder_id = $1',
      values: [holderId],
    });
    return row;
  }

  async insertCode(tx: Transaction, code: NewCode): Promise<void> {
    await pg(tx).execute({
      name: 'self-service-end-codes',
      text: 'update self_service_code set used_at = $3 where holder_id = $1 and purpose = $2 and used_at is null',
      values: [code.holderId, code.purpose, code.madeAt],
    });
    await pg(tx).execute({
      name: 'self-service-insert-code',
      text: `insert into self_service_code (id, holder_id, purpose, salt, hash, made_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [code.id, code.holderId, code.purpose, code.salt, code.hash, code.madeAt, code.expiresAt],
    });
  }

  async codeOf(
    holderId: HolderId,
    purpose: CodePurpose,
    now: Date,
  ): Promise<(SecretHash & { id: CodeId }) | undefined> {
    const [row] = await this.#database.query<{ id: CodeId; salt: Buffer; hash: Buffer }>({
      name: 'self-service-code',
      text: `select id, salt, hash from self_service_code
        where holder_id = $1 and purpose = $2 and used_at is null and expires_at > $3 order by made_at desc limit 1`,
      values: [holderId, purpose, now],
    });
    return row;
  }

  async useCode(tx: Transaction, id: CodeId, at: Date): Promise<boolean> {
    const used = await pg(tx).execute({
      name: 'self-service-use-code',
      text: 'update self_service_code set used_at = $2 where id = $1 and used_at is null',
      values: [id, at],
    });
    return used === 1;
  }
}
