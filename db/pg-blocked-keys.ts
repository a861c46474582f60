import type { Transaction } from '../core/transaction.ts';
import type { BlockedKey, BlockedKeys, CertifiedKey, KeyBlocklist } from '../keys/blocked-keys.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

interface CertifiedKeyRow {
  authority_id: string;
  serial_number: Buffer;
  origin: string;
  event: string | null;
}

export class PgBlockedKeys implements BlockedKeys, KeyBlocklist {
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

  async block(tx: Transaction, { spkiSha256, reason, blockedAt }: BlockedKey): Promise<boolean> {
    const inserted = await pg(tx).execute({
      text: 'insert into blocked_key (spki_sha256, reason, blocked_at) values ($1, $2, $3) on conflict do nothing',
      values: [spkiSha256, reason, blockedAt],
    });
    return inserted === 1;
  }

  async certifiedWith(tx: Transaction, spkiSha256: Buffer): Promise<CertifiedKey[]> {
    const rows = await pg(tx).query<CertifiedKeyRow>({
      text: `select i.authority_id, i.serial_number, i.origin,
          (select s.event from status_change s
            where s.authority_id = i.authority_id and s.serial_number = i.serial_number
            order by s.change_number desc limit 1) as event
        from issuance_intent i
        where i.spki_sha256 = $1
        order by i.intended_at`,
      values: [spkiSha256],
    });
    return rows.map((row) => ({
      authorityId: row.authority_id,
      serialNumber: row.serial_number,
      origin: row.origin,
      ...(row.event !== null && { lastEvent: row.event }),
    }));
  }
}
