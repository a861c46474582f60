import pg from 'pg';

import type { LeaderLock } from '../ca/crl/leader-lock.ts';
import { asDbError } from './connection-fault.ts';
import { connectionOptions } from './connection-options.ts';

/** A server that has not answered by then is as good as gone; somebody else may lead. */
const ANSWER_MILLISECONDS_MAX = 5_000;

/** One process per database leads: an advisory lock on a connection of its own, gone when the connection is. */
export class PgLeaderLock implements LeaderLock {
  readonly #url: string;
  readonly #name: string;
  #client: pg.Client | undefined;
  #leads = false;

  /** `name` tells what is led, e.g. `crl`. */
  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  async lead(): Promise<boolean> {
    const client = this.#client ?? (await this.#connect());
    try {
      // The lock lives as long as its connection does: asking anything proves it.
      if (this.#leads) await client.query('select 1');
      else this.#leads = await tryLock(client, this.#name);
      return this.#leads;
    } catch (error) {
      // Silent or broken: let go, so that the server frees the lock for the next connection, here or elsewhere.
      this.#forget(client);
      client.end().catch(() => undefined);
      throw asDbError(error);
    }
  }

  async release(): Promise<void> {
    const client = this.#client;
    if (client) this.#forget(client);
    await client?.end();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...connectionOptions(this.#url),
      application_name: `mohr-lead-${this.#name}`,
      connectionTimeoutMillis: ANSWER_MILLISECONDS_MAX,
      query_timeout: ANSWER_MILLISECONDS_MAX,
      keepAlive: true,
    });
    client.on('error', () => this.#forget(client));
    client.on('end', () => this.#forget(client));
    try {
      await client.connect();
    } catch (error) {
      throw asDbError(error);
    }
    this.#client = client;
    return client;
  }

  /** A connection that ends late says nothing of the one that has taken its place. */
  #forget(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#leads = false;
  }
}

async function tryLock(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
    [`lead:${name}`],
  );
  return rows[0].locked;
}

/** On the embedded database: the data directory's lock has made this process the only one. */
export const onlyProcess: LeaderLock = { lead: async () => true, release: async () => undefined };
