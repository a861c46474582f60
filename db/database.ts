import { AsyncLocalStorage } from 'node:async_hooks';

import type { Pool, PoolClient, QueryConfig, QueryResultRow } from 'pg';

import { errorCode } from '../core/errors.ts';
import type { Transaction, TransactionRunner } from '../core/transaction.ts';
import { asDbError } from './connection-fault.ts';
import { DbError } from './db-error.ts';
import { PgTransaction, bounded } from './pg-transaction.ts';
import { traced } from './traced-statement.ts';

/** Attempts at a transaction that the database asked to run again (serialization failure, deadlock). */
const ATTEMPTS_MAX = 5;
const RETRYABLE = new Set(['40001', '40P01']);

/** Undoing takes no time; a server that is silent here undoes it by itself when the connection ends. */
const ROLLBACK_MILLISECONDS_MAX = 5_000;

interface Connection {
  client: PoolClient;
  broken: Error | undefined;
}

/**
 * Transactions and single reads over one pool. The embedded database has one connection, so a read inside a
 * transaction that does not use it would wait for itself for ever: that is refused at once, on every database.
 * Throws DbError `database-unreachable` while the server cannot be had; whether a commit that was under way came
 * through is unknown then.
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
    // Not by the pool's own query: it throws a connection away whenever a statement fails, and the embedded database has
    // one connection only.
    const ask = async ({ client }: Connection) => (await client.query<Row>(bounded(statement))).rows;
    return traced(statement, () => this.#withConnection(ask));
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  #once<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#withConnection(async (connection) => {
      const { client } = connection;
      try {
        await client.query(bounded({ text: 'begin' }));
        const result = await work(new PgTransaction(client));
        await commit(client);
        return result;
      } catch (error) {
        connection.broken ??= await rollback(client);
        throw error;
      }
    });
  }

  async #withConnection<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const connection: Connection = { client, broken: undefined };
    // A connection that breaks between two statements says so here; unheard, it would end the process.
    const heard = (error: Error) => void (connection.broken = error);
    client.on('error', heard);
    try {
      return await use(connection);
    } catch (error) {
      const fault = asDbError(error);
      if (fault instanceof DbError) connection.broken ??= fault;
      throw fault;
    } finally {
      client.off('error', heard);
      // A connection that is broken, or cannot even roll back, is thrown away instead of going back to the pool.
      client.release(connection.broken);
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw asDbError(error);
    }
  }

  #refuseNesting(): void {
    if (this.#inTransaction.getStore()) throw new Error('inside a transaction, use the transaction');
  }
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement before it failed and nobody minded. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query(bounded({ text: 'commit' }));
  if (command !== 'COMMIT') throw new Error(`commit was answered by ${command}`);
}

/** Tried whatever has failed: the embedded database stays in the transaction until it is told otherwise. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query(bounded({ text: 'rollback' }, ROLLBACK_MILLISECONDS_MAX));
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
