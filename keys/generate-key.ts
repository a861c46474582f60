import { generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import type { KeyType } from '../pki/key-type.ts';
import { KeyError } from './key-error.ts';

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

const generate = promisify(generateKeyPair) as unknown as (type: string, options: object) => Promise<KeyPair>;

/** node:crypto's name and parameters of each key type. */
const PARAMETERS: Record<KeyType, { type: string; options: object }> = {
  'rsa-2048': { type: 'rsa', options: { modulusLength: 2048, publicExponent: 0x10001 } },
  'rsa-3072': { type: 'rsa', options: { modulusLength: 3072, publicExponent: 0x10001 } },
  'rsa-4096': { type: 'rsa', options: { modulusLength: 4096, publicExponent: 0x10001 } },
  'p-256': { type: 'ec', options: { namedCurve: 'prime256v1' } },
  'p-384': { type: 'ec', options: { namedCurve: 'secp384r1' } },
  brainpoolP256r1: { type: 'ec', options: { namedCurve: 'brainpoolP256r1' } },
  ed25519: { type: 'ed25519', options: {} },
  'ml-dsa-65': { type: 'ml-dsa-65', options: {} },
};

/** Makes a key pair off the event loop; throws KeyError `runtime-unsupported` where Node's OpenSSL lacks the algorithm. */
export async function generateKey(keyType: KeyType): Promise<KeyPair> {
  const { type, options } = PARAMETERS[keyType];
  try {
    return await generate(type, options);
  } catch (cause) {
    throw runtimeUnsupported(keyType, cause);
  }
}

/** ML-DSA needs OpenSSL 3.5 (Node 24.6 and later); a runtime in FIPS mode may lack others. */
export function runtimeUnsupported(keyType: KeyType, cause: unknown): KeyError {
  const openssl = process.versions.openssl;
  return new KeyError(
    'runtime-unsupported',
    `Node ${process.versions.node} with OpenSSL ${openssl} has no ${keyType}${keyType === 'ml-dsa-65' ? '; Node 24.6 has' : ''}`,
    { cause },
  );
}
