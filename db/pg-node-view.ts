import { byteaArray } from './binary-array.ts';
import type { Database } from './database.ts';

/** An authority as a node without its key knows it. */
export interface KnownAuthority {
  id: string;
  issuerId?: string;
  /** DER. */
  certificate: Buffer;
  /** Whether it issues in this deployment; an offline root does not. */
  isOnline: boolean;
}

export interface NodeResponder {
  authorityId: string;
  /** DER. */
  certificate: Buffer;
  keyReference: string;
}

/** What a node without CA keys reads beside statuses and CRLs; the columns are those that its database role may see. */
export class PgNodeView {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Names of the migrations that have run; undefined before the first. */
  async migrations(): Promise<string[] | undefined> {
    const [{ present }] = await this.#database.query<{ present: boolean }>({
      text: `select to_regclass('schema_migration') is not null as present`,
    });
    if (!present) return undefined;
    const rows = await this.#database.query<{ name: string }>({ text: 'select name from schema_migration' });
    return rows.map(({ name }) => name);
  }

  async listAuthorities(): Promise<KnownAuthority[]> {
    const rows = await this.#database.query<{
      id: string;
      issuer_id: string | null;
      certificate: Buffer;
      is_online: boolean;
    }>({
      text: `select id, issuer_id, certificate, key_reference is not null as is_online from authority order by id`,
    });
    return rows.map((row) => ({
      id: row.id,
      certificate: row.certificate,
      isOnline: row.is_online,
      ...(row.issuer_id && { issuerId: row.issuer_id }),
    }));
  }

  /** Responders of a node that have not expired, newest first. */
  async listResponders(nodeName: string, now: Date): Promise<NodeResponder[]> {
    const rows = await this.#database.query<{
      authority_id: string;
      certificate: Buffer;
      key_reference: string;
    }>({
      text: `select authority_id, certificate, key_reference from ocsp_responder
        where node_name = $1 and not_after > $2 order by not_before desc`,
      values: [nodeName, now],
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      certificate: row.certificate,
      keyReference: row.key_reference,
    }));
  }

  /** Those of the keys (SHA-256 of the SubjectPublicKeyInfo) that are blocked. */
  async blockedAmong(keys: readonly Buffer[]): Promise<Buffer[]> {
    const rows = await this.#database.query<{ spki_sha256: Buffer }>({
      text: 'select spki_sha256 from blocked_key where spki_sha256 = any($1::bytea[])',
      values: [byteaArray(keys)],
    });
    return rows.map(({ spki_sha256 }) => spki_sha256);
  }
}
