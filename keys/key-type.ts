import type { KeyObject } from 'node:crypto';

import { KEY_TYPES } from '../pki/key-type.ts';
import type { KeyType } from '../pki/key-type.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { KeyError } from './key-error.ts';

const RSA: readonly SignatureAlgorithmName[] = [
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
];

/** What each key can sign with; the first one is the default. */
const ALGORITHMS: Record<KeyType, readonly SignatureAlgorithmName[]> = {
  'rsa-2048': RSA,
  'rsa-3072': RSA,
  'rsa-4096': RSA,
  'p-256': ['ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'],
  'p-384': ['ecdsa-sha384', 'ecdsa-sha256', 'ecdsa-sha512'],
  brainpoolP256r1: ['ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'],
  ed25519: ['ed25519'],
  'ml-dsa-65': ['ml-dsa-65'],
};

const CURVES: Partial<Record<string, KeyType>> = {
  prime256v1: 'p-256',
  secp384r1: 'p-384',
  brainpoolP256r1: 'brainpoolP256r1',
};

/** The type of a public or private key; undefined for one that we neither make nor certify. */
export function keyTypeOf(key: KeyObject): KeyType | undefined {
  const family: string = key.asymmetricKeyType ?? '';
  if (family === 'ec') return CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  const name = family === 'rsa' ? `rsa-${key.asymmetricKeyDetails?.modulusLength}` : family;
  return KEY_TYPES.find((keyType) => keyType === name);
}

/** The algorithm that was asked for, or the key type's default; refuses with `algorithm-mismatch` what the key cannot do. */
export function algorithmOf(keyType: KeyType, wanted?: SignatureAlgorithmName): SignatureAlgorithmName {
  const offered = ALGORITHMS[keyType];
  const algorithm = wanted ?? offered[0];
  if (offered.includes(algorithm)) return algorithm;
  throw new KeyError(
    'algorithm-mismatch',
    `a key of type ${keyType} signs with ${offered.join(', ')}, not with ${algorithm}`,
  );
}
