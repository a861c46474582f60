import { importPublicKey } from '../pki/public-key.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { KeyError } from './key-error.ts';
import { algorithmOf, keyTypeOf } from './key-type.ts';
import type { Signer } from './signer.ts';

/**
 * Stands for a key that another process has: says how it signs, and signs nothing. Throws KeyError `key-type-not-allowed` and
 * `algorithm-mismatch` as opening the key would.
 */
export function absentSigner(
  label: string,
  subjectPublicKeyInfo: Buffer,
  wanted?: SignatureAlgorithmName,
): Signer {
  const keyType = keyTypeOf(importPublicKey(subjectPublicKeyInfo));
  if (!keyType)
    throw new KeyError('key-type-not-allowed', `${label} is of a type that nothing here signs with`);
  return {
    label,
    algorithm: algorithmOf(keyType, wanted),
    subjectPublicKeyInfo,
    sign: () =>
      Promise.reject(new KeyError('key-unavailable', `${label} is in another process, which signs with it`)),
  };
}
