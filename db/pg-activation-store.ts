import type { Transaction } from '../core/transaction.ts';
import type { Activation, ActivationId, CodeChannel, UsedActivation } from '../ra/activation/activation.ts';
import type { ActivationStore } from '../ra/activation/activation-store.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { SecretHash } from '../ra/self-service/secret-hash.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface ActivationRow {
  id: ActivationId;
  application_id: ApplicationId;
  desk_salt: Buffer | null;
  desk_hash: Buffer | null;
  code_channel: CodeChannel | null;
  code_salt: Buffer | null;
  code_hash: Buffer | null;
  tries: number;
  made_by: Activation['madeBy'];
  made_at: Date;
  expires_at: Date;
  voided_at: Date | null;
  used_at: Date | null;
  certification_request: Buffer | null;
}

const COLUMNS = `id, application_id, desk_salt, desk_hash, code_channel, code_salt, code_hash, tries, made_by, made_at,
  expires_at, voided_at, used_at, certification_request`;

export class PgActivationStore implements ActivationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, activation: Activation): Promise<void> {
    await pg(tx).execute({
      name: 'activation-void-former',
      text: `update activation set voided_at = $2 where application_id = $1 and voided_at is null and used_at is null`,
      values: [activation.applicationId, activation.madeAt],
    });
    await pg(tx).execute({
      name: 'activation-insert',
      text: `insert into activation (id, application_id, desk_salt, desk_hash, code_channel, code_salt, code_hash, made_by,
          made_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        activation.id,
        activation.applicationId,
        activation.deskSecret?.salt ?? null,
        activation.deskSecret?.hash ?? null,
        activation.code?.channel ?? null,
        activation.code?.salt ?? null,
        activation.code?.hash ?? null,
        activation.madeBy,
        activation.madeAt,
        activation.expiresAt,
      ],
    });
  }

  async count(tx: Transaction, applicationId: ApplicationId): Promise<number> {
    const [{ count }] = await pg(tx).query<{ count: number }>({
      name: 'activation-count',
      text: 'select count(*)::int as count from activation where application_id = $1',
      values: [applicationId],
    });
    return count;
  }

  async newest(applicationId: ApplicationId): Promise<Activation | undefined> {
    const [row] = await this.#database.query<ActivationRow>({
      name: 'activation-newest',
      text: `select ${COLUMNS} from activation where application_id = $1 order by id desc limit 1`,
      values: [applicationId],
    });
    return row && activationOf(row);
  }

  async lockNewest(tx: Transaction, applicationId: ApplicationId): Promise<Activation | undefined> {
    const [row] = await pg(tx).query<ActivationRow>({
      name: 'activation-lock-newest',
      text: `select ${COLUMNS} from activation where application_id = $1 order by id desc limit 1 for update`,
      values: [applicationId],
    });
    return row && activationOf(row);
  }

  async setTries(tx: Transaction, id: ActivationId, tries: number): Promise<void> {
    await pg(tx).execute({
      name: 'activation-set-tries',
      text: 'update activation set tries = $2 where id = $1',
      values: [id, tries],
    });
  }

  async setDeskSecret(tx: Transaction, id: ActivationId, { salt, hash }: SecretHash): Promise<void> {
    await pg(tx).execute({
      name: 'activation-set-desk-secret',
      text: 'update activation set desk_salt = $2, desk_hash = $3 where id = $1',
      values: [id, salt, hash],
    });
  }

  async use(tx: Transaction, id: ActivationId, usedAt: Date, certificationRequest?: Buffer): Promise<void> {
    await pg(tx).execute({
      name: 'activation-use',
      text: 'update activation set used_at = $2, certification_request = $3 where id = $1',
      values: [id, usedAt, certificationRequest ?? null],
    });
  }

  async void(tx: Transaction, id: ActivationId, at: Date): Promise<void> {
    await pg(tx).execute({
      name: 'activation-void',
      text: 'update activation set voided_at = $2 where id = $1',
      values: [id, at],
    });
  }

  async usedOf(applicationId: ApplicationId): Promise<UsedActivation | undefined> {
    const activation = await this.newest(applicationId);
    if (!activation?.usedAt) return undefined;
    const { id, usedAt, certificationRequest } = activation;
    return { id, usedAt, ...(certificationRequest && { certificationRequest }) };
  }

  async usedAndOpen({
    after,
    usedBefore,
    limit,
  }: Parameters<ActivationStore['usedAndOpen']>[0]): Promise<ApplicationId[]> {
    const rows = await this.#database.query<{ id: ApplicationId }>({
      name: 'activation-used-and-open',
      text: `select a.id from application a join activation v on v.application_id = a.id and v.used_at is not null
        where a.state = 'activation' and ($1::uuid is null or a.id > $1)
          and ($2::timestamptz is null or v.used_at < $2)
        order by a.id limit $3`,
      values: [after ?? null, usedBefore ?? null, limit],
    });
    return rows.map(({ id }) => id);
  }

  async unusedSince(moment: Date, limit: number): Promise<ApplicationId[]> {
    const rows = await this.#database.query<{ id: ApplicationId }>({
      name: 'activation-unused-since',
      text: `select a.id from application a where a.state = 'activation' and a.decided_at < $1
          and not exists (select from activation v where v.application_id = a.id and v.used_at is not null)
        order by a.decided_at limit $2`,
      values: [moment, limit],
    });
    return rows.map(({ id }) => id);
  }
}

function activationOf(row: ActivationRow): Activation {
  const desk = hashOf(row.desk_salt, row.desk_hash);
  const code = hashOf(row.code_salt, row.code_hash);
  return {
    id: row.id,
    applicationId: row.application_id,
    ...(desk && { deskSecret: desk }),
    ...(code && { code: { ...code, channel: row.code_channel! } }),
    tries: row.tries,
    madeBy: row.made_by,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    ...(row.voided_at && { voidedAt: row.voided_at }),
    ...(row.used_at && { usedAt: row.used_at }),
    ...(row.certification_request && { certificationRequest: row.certification_request }),
  };
}

function hashOf(salt: Buffer | null, hash: Buffer | null): SecretHash | undefined {
  return salt && hash ? { salt, hash } : undefined;
}
