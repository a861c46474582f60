import { octetsOf, sequence, unsignedInteger } from './der-octets.ts';

/** OID 1.2.840.10045.4.3.2 (RFC 5758 §3.2). */
export const ECDSA_WITH_SHA256 = octetsOf('06082a8648ce3d040302');

/** Two numbers of fixed length, as WebCrypto gives them, in the form of X.509 and CMS (RFC 3279 §2.2.3). */
export function ecdsaSignatureValue(value: Uint8Array): Uint8Array {
  const half = value.length / 2;
  return sequence(unsignedInteger(value.slice(0, half)), unsignedInteger(value.slice(half)));
}
