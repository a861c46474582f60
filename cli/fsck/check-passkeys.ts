import type { PgRecords } from '../../db/pg-records.ts';
import { subjectPublicKeyInfoOf } from '../../passkeys/cose-key.ts';
import type { Finding } from './finding.ts';

/** Officers sign in by the one form of their key, and approvals are verified by the other: both are of one key. */
export async function* checkPasskeys(records: PgRecords): AsyncGenerator<Finding> {
  for (const { id, coseKey, subjectPublicKeyInfo } of await records.passkeys())
    if (!keyOf(coseKey)?.equals(subjectPublicKeyInfo))
      yield { code: 'passkey-key', subject: `passkey:${id}`, detail: 'its two forms are of different keys' };
}

function keyOf(coseKey: Buffer): Buffer | undefined {
  try {
    return subjectPublicKeyInfoOf(coseKey);
  } catch {
    // Whatever the decoder makes of octets that are none of its own.
    return undefined;
  }
}
