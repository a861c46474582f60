import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Signer } from '../../keys/signer.ts';
import { SIGNATURE_SCHEMES, paddingOf } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';

/** A signer whose key is at hand, e.g. to give it to OpenSSL. */
export interface MemorySigner extends Signer {
  readonly privateKey: KeyObject;
}

/** A signer over a private key in memory; without one, over a fresh P-256 key. */
export function memorySigner(
  privateKey: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  algorithm: SignatureAlgorithmName = 'ecdsa-sha256',
): MemorySigner {
  const scheme = SIGNATURE_SCHEMES[algorithm];
  return {
    label: `memory:${algorithm}`,
    algorithm,
    privateKey,
    subjectPublicKeyInfo: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    sign: async (message) => sign(scheme.digest, message, { key: privateKey, ...paddingOf(scheme) }),
  };
}
