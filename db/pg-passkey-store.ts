import type { Transaction } from '../core/transaction.ts';
import type { OfficerId } from '../ra/officer.ts';
import type { Passkey, PasskeyId, PasskeyStore } from '../ra/passkeys/passkey-store.ts';
import { pg } from './pg-transaction.ts';

interface PasskeyRow {
  id: PasskeyId;
  officer_id: OfficerId;
  name: string;
  credential_id: Buffer;
  cose_key: Buffer;
  spki: Buffer;
  transports: string[];
  sign_count: string;
  created_at: Date;
  last_used_at: Date | null;
}

const COLUMNS =
  'id, officer_id, name, credential_id, cose_key, spki, transports, sign_count, created_at, last_used_at';

export class PgPasskeyStore implements PasskeyStore {
  async insert(tx: Transaction, passkey: Passkey): Promise<boolean> {
    const inserted = await pg(tx).execute({
      text: `insert into passkey (id, officer_id, name, credential_id, cose_key, spki, transports, sign_count, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (credential_id) do nothing`,
      values: [
        passkey.id,
        passkey.officerId,
        passkey.name,
        passkey.credentialId,
        passkey.coseKey,
        passkey.subjectPublicKeyInfo,
        passkey.transports,
        passkey.signCount,
        passkey.createdAt,
      ],
    });
    return inserted === 1;
  }

  async listOf(tx: Transaction, officerId: OfficerId): Promise<Passkey[]> {
    const rows = await pg(tx).query<PasskeyRow>({
      text: `select ${COLUMNS} from passkey where officer_id = $1 and removed_at is null order by id`,
      values: [officerId],
    });
    return rows.map(passkeyOf);
  }

  async lock(tx: Transaction, credentialId: Buffer): Promise<Passkey | undefined> {
    const [row] = await pg(tx).query<PasskeyRow>({
      text: `select ${COLUMNS} from passkey where credential_id = $1 and removed_at is null for update`,
      values: [credentialId],
    });
    return row && passkeyOf(row);
  }

  async recordUse(tx: Transaction, id: PasskeyId, signCount: number, at: Date): Promise<void> {
    await pg(tx).execute({
      text: 'update passkey set sign_count = $2, last_used_at = $3 where id = $1',
      values: [id, signCount, at],
    });
  }

  async remove(tx: Transaction, officerId: OfficerId, id: PasskeyId, at: Date): Promise<boolean> {
    const removed = await pg(tx).execute({
      text: 'update passkey set removed_at = $3 where id = $1 and officer_id = $2 and removed_at is null',
      values: [id, officerId, at],
    });
    return removed === 1;
  }
}

function passkeyOf(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    officerId: row.officer_id,
    name: row.name,
    credentialId: row.credential_id,
    coseKey: row.cose_key,
    subjectPublicKeyInfo: row.spki,
    transports: row.transports,
    signCount: Number(row.sign_count),
    createdAt: row.created_at,
    ...(row.last_used_at && { lastUsedAt: row.last_used_at }),
  };
}
