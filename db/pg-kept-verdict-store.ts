import type { KeptVerdict, KeptVerdictStore } from '../validation/kept/kept-verdict.ts';
import type { Database } from './database.ts';

interface KeptRow {
  sealed: Buffer;
  kept_at: Date;
  expires_at: Date;
}

export class PgKeptVerdictStore implements KeptVerdictStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert({ linkSha256, sealed, keptAt, expiresAt }: KeptVerdict, max: number): Promise<boolean> {
    const rows = await this.#database.query({
      text: `insert into kept_verdict (link_sha256, sealed, kept_at, expires_at)
        select $1, $2, $3, $4 where (select count(*) from kept_verdict) < $5
        returning 1 as kept`,
      values: [linkSha256, sealed, keptAt, expiresAt, max],
    });
    return rows.length === 1;
  }

  async read(linkSha256: Buffer, now: Date): Promise<KeptVerdict | undefined> {
    const [row] = await this.#database.query<KeptRow>({
      name: 'kept-verdict-read',
      text: 'select sealed, kept_at, expires_at from kept_verdict where link_sha256 = $1 and expires_at > $2',
      values: [linkSha256, now],
    });
    return row && { linkSha256, sealed: row.sealed, keptAt: row.kept_at, expiresAt: row.expires_at };
  }

  async remove(linkSha256: Buffer): Promise<boolean> {
    const rows = await this.#database.query({
      text: 'delete from kept_verdict where link_sha256 = $1 returning 1 as removed',
      values: [linkSha256],
    });
    return rows.length === 1;
  }

  async prune(now: Date): Promise<number> {
    const rows = await this.#database.query({
      text: 'delete from kept_verdict where expires_at <= $1 returning 1 as removed',
      values: [now],
    });
    return rows.length;
  }
}
