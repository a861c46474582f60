import * as asn1 from './der/encode.ts';
import type { KeyType } from './key-type.ts';
import { ALG } from './oid.ts';
import { importPublicKey } from './public-key.ts';

/** Octets of a public key of ML-DSA-65 (FIPS 204 table 2). */
const ML_DSA_65_OCTETS = 1952;

let hasMlDsa: boolean | undefined;

/**
 * Whether this runtime can do anything with keys of the type. ML-DSA came with OpenSSL 3.5, in Node 24.6; Node 22 with an OpenSSL 3.5
 * reads such a key, and neither makes one nor knows what it has read.
 */
export function isSupportedHere(keyType: KeyType): boolean {
  if (keyType !== 'ml-dsa-65') return true;
  hasMlDsa ??= knows(
    keyType,
    asn1.sequence(asn1.sequence(asn1.oid(ALG.mlDsa65)), asn1.bitString(Buffer.alloc(ML_DSA_65_OCTETS))),
  );
  return hasMlDsa;
}

function knows(keyType: string, subjectPublicKeyInfo: Buffer): boolean {
  try {
    return importPublicKey(subjectPublicKeyInfo).asymmetricKeyType === keyType;
  } catch {
    return false;
  }
}
