import pg from 'pg';

import type { LeaderLock } from '../ca/crl/leader-lock.ts';

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
    const client = await this.#connected();
    if (this.#leads) {
      // The lock lives as long as this connection does: asking anything proves it.
      await client.query('select 1');
      return true;
    }
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
      [`lead:${this.#name}`],
    );
    this.#leads = rows[0].locked;
    return this.#leads;
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#forget();
    await client?.end();
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: `mohr-lead-${this.#name}`,
    });
    client.on('error', () => this.#forget());
    client.on('end', () => this.#forget());
    await client.connect();
    this.#client = client;
    return client;
  }

  #forget(): void {
    this.#client = undefined;
    this.#leads = false;
  }
}

/** On the embedded database: the data directory's lock has made this process the only one. */
export const onlyProcess: LeaderLock = { lead: async () => true, release: async () => undefined };
