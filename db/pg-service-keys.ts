import type { Transaction } from '../core/transaction.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

/** What a key of the service is for, and for nothing else. */
export type ServiceKeyPurpose = 'callbacks' | 'push';

/** A key of the service itself: its public half, and where the private one is. */
export interface ServiceKey {
  purpose: ServiceKeyPurpose;
  kid: string;
  jwk: Record<string, unknown>;
  keyReference: string;
  addedAt: Date;
}

export class PgServiceKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, { kid, purpose, jwk, keyReference, addedAt }: ServiceKey): Promise<void> {
    await pg(tx).execute({
      text: 'insert into service_key (kid, purpose, jwk, key_reference, added_at) values ($1, $2, $3, $4, $5)',
      values: [kid, purpose, JSON.stringify(jwk), keyReference, addedAt],
    });
  }

  /** The oldest first. */
  async list(purpose: ServiceKeyPurpose): Promise<ServiceKey[]> {
    const rows = await this.#database.query<{
      kid: string;
      jwk: Record<string, unknown>;
      key_reference: string;
      added_at: Date;
    }>({
      text: 'select kid, jwk, key_reference, added_at from service_key where purpose = $1 order by added_at, kid',
      values: [purpose],
    });
    return rows.map((row) => ({
      purpose,
      kid: row.kid,
      jwk: row.jwk,
      keyReference: row.key_reference,
      addedAt: row.added_at,
    }));
  }
}
