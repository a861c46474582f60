import type { Transaction } from '../core/transaction.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

/** A key that callbacks are signed with: its public half, and where the private one is. */
export interface ServiceKey {
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

  async insert(tx: Transaction, { kid, jwk, keyReference, addedAt }: ServiceKey): Promise<void> {
    await pg(tx).execute({
      text: 'insert into service_key (kid, jwk, key_reference, added_at) values ($1, $2, $3, $4)',
      values: [kid, JSON.stringify(jwk), keyReference, addedAt],
    });
  }

  /** The oldest first. */
  async list(): Promise<ServiceKey[]> {
    const rows = await this.#database.query<{
      kid: string;
      jwk: Record<string, unknown>;
      key_reference: string;
      added_at: Date;
    }>({ text: 'select kid, jwk, key_reference, added_at from service_key order by added_at, kid' });
    return rows.map((row) => ({
      kid: row.kid,
      jwk: row.jwk,
      keyReference: row.key_reference,
      addedAt: row.added_at,
    }));
  }
}
