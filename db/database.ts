import { AsyncLocalStorage } from 'node:async_hooks';

import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';

import { errorCode } from '../core/errors.ts';
import type { Transaction, TransactionRunner } from '../core/transaction.ts';
import { PgTransaction } from './pg-transaction.ts';

/** Attempts at a transaction that the database asked to run again (serialization failure, deadlock). */
const ATTEMPTS_MAX = 5;
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Transactions and single reads over one pool. The embedded database has one connection, so a read inside a
 * transaction that does not use it would wait for itself for ever: that is refused at once, on every database.
 */
export class Database implements TransactionRunner {
  readonly #pool: Pool;
  readonly #inTransaction = new AsyncLocalStorage<true>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#refuseNesting();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#inTransaction.run(true, () => this.#once(work));
      } catch (error) {
        if (attempt === ATTEMPTS_MAX || !RETRYABLE.has(errorCode(error) ?? '')) throw error;
      }
    }
  }

  /** One statement by itself, outside of any transaction. */
  async query<Row extends QueryResultRow>(statement: QueryConfig): Promise<Row[]> {
    this.#refuseNesting();
    return (await this.#pool.query<Row>(statement)).rows;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #once<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(new PgTransaction(client));
      await client.query('commit');
      return result;
    } catch (error) {
      broken = await rollback(client);
      throw error;
    } finally {
      // A connection that cannot even roll back is thrown away instead of going back to the pool.
      client.release(broken);
    }
  }

  #refuseNesting(): void {
    if (this.#inTransaction.getStore()) throw new Error('inside a transaction, use the transaction');
  }
}

async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
