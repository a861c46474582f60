import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { SIGNATURE_SCHEMES, verifySignature } from '../signature-algorithm.ts';

/** The parts of a WebAuthn assertion that its signature rests on (WebAuthn L2 §5.2.2), as octets. */
export interface Assertion {
  clientDataJson: Buffer;
  authenticatorData: Buffer;
  signature: Buffer;
}

/** What is wrong with an assertion; undefined: nothing. */
export type AssertionFault =
  | 'client-data-malformed'
  | 'type-wrong'
  | 'challenge-differs'
  | 'authenticator-data-malformed'
  | 'user-absent'
  | 'user-unverified'
  | 'signature-wrong';

/** rpIdHash, flags and signCount (WebAuthn L2 §6.1); extensions may follow. */
const AUTHENTICATOR_DATA_OCTETS_MIN = 37;
const FLAGS_AT = 32;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/**
 * Verifies an assertion by itself, without a relying party's settings, so that it can be done again years later: type,
 * challenge, that a user was there and verified, and the signature.
 *
 * @see WebAuthn L2 §7.2, steps 11, 12, 16, 17 and 20
 */
export function assertionFault(
  { clientDataJson, authenticatorData, signature }: Assertion,
  challenge: Buffer,
  publicKey: KeyObject,
): AssertionFault | undefined {
  const clientData = readClientData(clientDataJson);
  if (!clientData) return 'client-data-malformed';
  if (clientData.type !== 'webauthn.get') return 'type-wrong';
  if (clientData.challenge !== challenge.toString('base64url')) return 'challenge-differs';
  if (authenticatorData.length < AUTHENTICATOR_DATA_OCTETS_MIN) return 'authenticator-data-malformed';
  if ((authenticatorData[FLAGS_AT] & USER_PRESENT) === 0) return 'user-absent';
  if ((authenticatorData[FLAGS_AT] & USER_VERIFIED) === 0) return 'user-unverified';
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJson).digest()]);
  // ES256 and RS256 (WebAuthn L2 §5.8.5): the only ones that are offered when a passkey is made.
  const scheme = SIGNATURE_SCHEMES[publicKey.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256'];
  return verifySignature(scheme, publicKey, signed, signature) ? undefined : 'signature-wrong';
}

function readClientData(json: Buffer): { type?: unknown; challenge?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(json.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
