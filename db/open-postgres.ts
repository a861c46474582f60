import pg from 'pg';

import { errorCode } from '../core/errors.ts';
import { asDbError } from './connection-fault.ts';
import { connectionOptions } from './connection-options.ts';
import { DbError } from './db-error.ts';
import type { Heard, OpenedPool } from './open-embedded.ts';

const CONNECTIONS_MAX = 10;
const RECONNECT_MILLISECONDS = 1_000;
/** Waiting for the server, or for a connection of a pool that is all in use. */
const CONNECT_MILLISECONDS_MAX = 5_000;

export interface PostgresOptions {
  /** Every transaction is read-only unless it says otherwise: what a process with a role of its own does not do by mistake. */
  readOnly?: boolean;
}

/** Opens a pool on a PostgreSQL server. Throws DbError `database-unreachable` without the password in its text. */
export async function openPostgres(url: string, { readOnly }: PostgresOptions = {}): Promise<OpenedPool> {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    max: CONNECTIONS_MAX,
    application_name: 'mohr',
    ...(readOnly && { options: '-c default_transaction_read_only=on' }),
    connectionTimeoutMillis: CONNECT_MILLISECONDS_MAX,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool; the statement that needs it will say what is wrong.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    // What the server or the system said: whether nobody listens or a password is wrong is not the same job. Neither tells the password.
    const reason = cause instanceof pg.DatabaseError ? cause.message : errorCode(cause);
    throw new DbError(
      'database-unreachable',
      `cannot connect to ${withoutPassword(url)}${reason === undefined ? '' : `: ${reason}`}`,
      { cause },
    );
  }
  const listeners: Listener[] = [];
  return {
    pool,
    mayHaveReplicas: true,
    listen: (channel, heard) => {
      const listener = new Listener(url);
      listeners.push(listener);
      return listener.listen(channel, heard);
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await pool.end();
    },
  };
}

/** A connection of its own for LISTEN; comes back by itself after it broke, and then calls back once to be safe. */
class Listener {
  readonly #url: string;
  #client: pg.Client | undefined;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async listen(channel: string, heard: Heard): Promise<void> {
    const client = new pg.Client({
      ...connectionOptions(this.#url),
      application_name: 'mohr-listen',
      connectionTimeoutMillis: CONNECT_MILLISECONDS_MAX,
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => heard(payload));
    client.on('error', () => undefined);
    // Only a connection that once stood tries again by its end; one that failed is its caller's to try again.
    client.once('end', () => {
      if (this.#client === client) this.#again(channel, heard);
    });
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw asDbError(error);
    }
    this.#client = client;
    if (this.#closed) await client.end();
    heard();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #again(channel: string, heard: Heard): void {
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.listen(channel, heard).catch(() => this.#again(channel, heard));
    }, RECONNECT_MILLISECONDS);
    this.#retry.unref();
  }
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    return parsed.toString();
  } catch {
    return 'the database';
  }
}
