import { createSign } from 'node:crypto';
import type { SignKeyObjectInput } from 'node:crypto';

import { updateInParts } from './update-in-parts.ts';

/**
 * Signs a message that comes in parts without joining them: what `Signer.signParts` is for a key that node:crypto holds.
 * Only for schemes that hash first (RSA, ECDSA).
 */
export async function signInParts(
  digest: string,
  parts: readonly Uint8Array[],
  key: SignKeyObjectInput,
): Promise<Buffer> {
  const signing = createSign(digest);
  await updateInParts(signing, parts);
  return signing.sign(key);
}
