import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';

import type { Transaction } from '../core/transaction.ts';
import { traced } from './traced-statement.ts';

/** No statement of a running service takes this long; a server that is silent for longer is as good as gone. */
const STATEMENT_MILLISECONDS_MAX = 30_000;

/** What a `Transaction` is to the stores of this folder: one connection between BEGIN and COMMIT. */
export class PgTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Runs one statement; a `name` makes it a prepared one. Returns all rows. */
  async query<Row extends QueryResultRow>(statement: QueryConfig): Promise<Row[]> {
    return (await traced(statement, () => this.#client.query<Row>(bounded(statement)))).rows;
  }

  /** Runs one statement and returns how many rows it touched. */
  async execute(statement: QueryConfig): Promise<number> {
    return (await traced(statement, () => this.#client.query(bounded(statement)))).rowCount ?? 0;
  }
}

/** The statement with its time limit, after which `pg` says that it got no answer. */
export function bounded(
  statement: QueryConfig,
  millisecondsMax: number = STATEMENT_MILLISECONDS_MAX,
): QueryConfig {
  return { ...statement, query_timeout: millisecondsMax } as QueryConfig;
}

/** The one place where the opaque transaction of the ports becomes ours again. */
export function pg(tx: Transaction): PgTransaction {
  if (!(tx instanceof PgTransaction)) throw new TypeError('a transaction of another database');
  return tx;
}
