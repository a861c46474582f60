import { randomBytes } from 'node:crypto';

import { importPublicKey } from '../pki/public-key.ts';
import { SIGNATURE_SCHEMES, verifySignature } from '../pki/signature-algorithm.ts';
import { KeyError } from './key-error.ts';
import type { Signer } from './signer.ts';

/** Neither a DER SEQUENCE or SET (first octet 30 or 31) nor the ASCII of a JWS: nobody takes such a signature for one of ours. */
const CHALLENGE_PREFIX = Buffer.from('mohr proof of possession v1\0', 'latin1');
const CHALLENGE_RANDOM_OCTETS = 32;

/** A message that is signed to prove or to measure a key, and that can be nothing else. */
export function possessionChallenge(): Buffer {
  return Buffer.concat([CHALLENGE_PREFIX, randomBytes(CHALLENGE_RANDOM_OCTETS)]);
}

/**
 * Proves that a signer holds the private key of a SubjectPublicKeyInfo (DER): it signs a fresh challenge, and that key
 * verifies it. Throws KeyError `key-mismatch`; what the signer rejects with (`key-unavailable`) comes through.
 */
export async function assertSignerMatches(signer: Signer, subjectPublicKeyInfo: Uint8Array): Promise<void> {
  const publicKey = importPublicKey(subjectPublicKeyInfo);
  const challenge = possessionChallenge();
  const signature = await signer.sign(challenge);
  if (verifySignature(SIGNATURE_SCHEMES[signer.algorithm], publicKey, challenge, signature)) return;
  throw new KeyError('key-mismatch', `${signer.label} does not hold the private key of this public key`);
}
