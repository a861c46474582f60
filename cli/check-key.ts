import type { CheckKey } from '../ca/issue/check-key.ts';
import type { BlockedKeys } from '../keys/blocked-keys.ts';
import { HOLDER_KEY_BOUNDS, assertKeyQuality } from '../keys/key-quality.ts';

/** The quality rules of `keys/` as the certification authority asks them. */
export function checkKeyWith(blockedKeys: BlockedKeys): CheckKey {
  return (subjectPublicKeyInfo, keyTypes) =>
    assertKeyQuality({ subjectPublicKeyInfo, policy: { ...HOLDER_KEY_BOUNDS, keyTypes }, blockedKeys });
}
