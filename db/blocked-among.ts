import { byteaArray } from './binary-array.ts';
import type { Database } from './database.ts';

/** Those of the keys (SHA-256 over their SubjectPublicKeyInfo) that are blocked. */
export async function blockedAmong(
  database: Database,
  spkiSha256s: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const rows = await database.query<{ spki_sha256: Buffer }>({
    name: 'blocked-keys-among',
    text: 'select spki_sha256 from blocked_key where spki_sha256 = any($1::bytea[])',
    values: [byteaArray(spkiSha256s)],
  });
  return rows.map(({ spki_sha256 }) => spki_sha256);
}
