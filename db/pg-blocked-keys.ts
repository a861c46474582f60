import type { BlockedKeys } from '../keys/blocked-keys.ts';
import type { Database } from './database.ts';

export class PgBlockedKeys implements BlockedKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async isBlocked(spkiSha256: Uint8Array): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'blocked-key',
      text: 'select from blocked_key where spki_sha256 = $1',
      values: [Buffer.from(spkiSha256)],
    });
    return rows.length > 0;
  }
}
