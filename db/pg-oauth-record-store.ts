import type { OauthRecord, OauthRecordStore } from '../signing/csc/oauth-server.ts';
import type { Database } from './database.ts';

interface Row {
  kind: string;
  id_sha256: Buffer;
  grant_sha256: Buffer | null;
  key_id: string;
  sealed: Buffer;
  expires_at: Date | null;
  consumed_at: Date | null;
}

const INSERT = `insert into oauth_record (kind, id_sha256, grant_sha256, key_id, sealed, expires_at)
  values ($1, $2, $3, $4, $5, $6)`;

export class PgOauthRecordStore implements OauthRecordStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(record: OauthRecord): Promise<void> {
    await this.#database.query({
      name: 'oauth-record-put',
      text: `${INSERT} on conflict (kind, id_sha256) do update set grant_sha256 = excluded.grant_sha256,
        key_id = excluded.key_id, sealed = excluded.sealed, expires_at = excluded.expires_at`,
      values: valuesOf(record),
    });
  }

  async putOnce(record: OauthRecord): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'oauth-record-put-once',
      text: `${INSERT} on conflict do nothing returning kind`,
      values: valuesOf(record),
    });
    return rows.length === 1;
  }

  async find(kind: string, idSha256: Buffer, now: Date): Promise<OauthRecord | undefined> {
    const [row] = await this.#database.query<Row>({
      name: 'oauth-record-find',
      text: `select kind, id_sha256, grant_sha256, key_id, sealed, expires_at, consumed_at from oauth_record
        where kind = $1 and id_sha256 = $2 and (expires_at is null or expires_at > $3)`,
      values: [kind, idSha256, now],
    });
    return row && recordOf(row);
  }

  async consume(kind: string, idSha256: Buffer, at: Date): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'oauth-record-consume',
      text: `update oauth_record set consumed_at = $3 where kind = $1 and id_sha256 = $2 and consumed_at is null
        returning kind`,
      values: [kind, idSha256, at],
    });
    return rows.length === 1;
  }

  async remove(kind: string, idSha256: Buffer): Promise<void> {
    await this.#database.query({
      name: 'oauth-record-remove',
      text: 'delete from oauth_record where kind = $1 and id_sha256 = $2',
      values: [kind, idSha256],
    });
  }

  async removeGrant(kind: string, grantSha256: Buffer): Promise<void> {
    await this.#database.query({
      name: 'oauth-record-remove-grant',
      text: 'delete from oauth_record where kind = $1 and grant_sha256 = $2',
      values: [kind, grantSha256],
    });
  }

  async prune(now: Date): Promise<void> {
    await this.#database.query({ text: 'delete from oauth_record where expires_at <= $1', values: [now] });
  }
}

function valuesOf(record: OauthRecord): unknown[] {
  const { kind, idSha256, grantSha256 = null, keyId, sealed, expiresAt = null } = record;
  return [kind, idSha256, grantSha256, keyId, sealed, expiresAt];
}

function recordOf(row: Row): OauthRecord {
  return {
    kind: row.kind,
    idSha256: row.id_sha256,
    keyId: row.key_id,
    sealed: row.sealed,
    ...(row.grant_sha256 && { grantSha256: row.grant_sha256 }),
    ...(row.expires_at && { expiresAt: row.expires_at }),
    ...(row.consumed_at && { consumedAt: row.consumed_at }),
  };
}
