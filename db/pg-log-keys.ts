import type { LogKeyRecord, LogKeyStore } from '../audit/transparency-store.ts';
import type { Transaction } from '../core/transaction.ts';
import { pg } from './pg-transaction.ts';

export class PgLogKeys implements LogKeyStore {
  async listKeys(tx: Transaction): Promise<LogKeyRecord[]> {
    const rows = await pg(tx).query<{
      note_key: string;
      key_reference: string;
      added_at: Date;
      retired_at: Date | null;
    }>({
      text: `select k.note_key, k.key_reference, k.added_at, r.retired_at
        from audit_log_key k left join audit_log_key_retirement r on r.note_key = k.note_key
        order by k.added_at, k.note_key`,
    });
    return rows.map((row) => ({
      noteKey: row.note_key,
      keyReference: row.key_reference,
      addedAt: row.added_at,
      ...(row.retired_at && { retiredAt: row.retired_at }),
    }));
  }

  async insertKey(tx: Transaction, { noteKey, keyReference, addedAt }: LogKeyRecord): Promise<void> {
    await pg(tx).execute({
      text: 'insert into audit_log_key (note_key, key_reference, added_at) values ($1, $2, $3)',
      values: [noteKey, keyReference, addedAt],
    });
  }

  async retireKey(tx: Transaction, noteKey: string, at: Date): Promise<void> {
    await pg(tx).execute({
      text: 'insert into audit_log_key_retirement (note_key, retired_at) values ($1, $2)',
      values: [noteKey, at],
    });
  }
}
