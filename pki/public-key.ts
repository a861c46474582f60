import { KeyObject as CryptoKeyObject, createPublicKey, webcrypto } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import * as asn1 from './der/encode.ts';
import { openWhole } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { bitOctetsOf, oidOf } from './der/values.ts';
import { digest } from './digest-algorithm.ts';
import { ALG } from './oid.ts';
import { PkiError } from './pki-error.ts';

/** Reads a SubjectPublicKeyInfo; throws PkiError `key-malformed` (also for a point that is off its curve or at infinity, or of a curve that is not named). */
export function importPublicKey(spki: Uint8Array): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ec') assertNamedCurve(spki);
    return key;
  } catch (cause) {
    throw new PkiError('key-malformed', 'SubjectPublicKeyInfo cannot be read as a public key', { cause });
  }
}

/**
 * OpenSSL reads more than is a key: the point at infinity (one octet, SEC 1 §2.3.3), for which everybody can sign, and curves in
 * their own words, whose generator may be chosen so that somebody else's key is one's own (CVE-2020-0601; RFC 5480 §2.1.1 forbids them).
 */
function assertNamedCurve(spki: Uint8Array): void {
  if (subjectPublicKeyBits(spki).length < 2) throw new PkiError('key-malformed', 'the point at infinity');
  const algorithm = openWhole(spki).into(TAG.sequence);
  algorithm.read(TAG.oid);
  if (algorithm.peek() !== TAG.oid) throw new PkiError('key-malformed', 'a curve that is not named');
}

/** SubjectPublicKeyInfo of a P-256 key up to its uncompressed point, 04 and 64 octets (RFC 5480 §2). */
const P_256_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const P_256_POINT_OCTETS = 65;

/**
 * The same for many keys: OpenSSL's decoders take most of the time that importing and using a P-256 key costs, and WebCrypto's
 * raw form goes past them (it checks that the point is on the curve, which is all there is to check where the cofactor is 1).
 */
export async function importPublicKeyRaw(spki: Uint8Array): Promise<KeyObject> {
  const isP256 =
    spki.length === P_256_PREFIX.length + P_256_POINT_OCTETS && P_256_PREFIX.equals(spki.subarray(0, 26));
  if (!isP256 || spki[P_256_PREFIX.length] !== 0x04) return importPublicKey(spki);
  try {
    const point = spki.subarray(P_256_PREFIX.length);
    return CryptoKeyObject.from(
      await webcrypto.subtle.importKey('raw', point, RAW_ALGORITHM, true, RAW_USAGES),
    );
  } catch (cause) {
    throw new PkiError('key-malformed', 'SubjectPublicKeyInfo cannot be read as a public key', { cause });
  }
}

const RAW_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const RAW_USAGES: ['verify'] = ['verify'];

/** Whether a DSA key leaves its parameters to be those of the issuer's key (RFC 3279 §2.3.2). */
export function lacksParameters(spki: Uint8Array): boolean {
  const algorithm = openWhole(spki).into(TAG.sequence);
  const isDsa = oidOf(algorithm.read(TAG.oid)) === ALG.dsa;
  return isDsa && algorithm.readOptional(TAG.sequence) === undefined;
}

/** The same SubjectPublicKeyInfo with the AlgorithmIdentifier, and so the parameters, of the issuer's. */
export function withParametersOf(spki: Uint8Array, issuerSpki: Uint8Array): Buffer {
  const fields = openWhole(spki);
  fields.read(TAG.sequence);
  return asn1.sequence(openWhole(issuerSpki).read(TAG.sequence).bytes, fields.read(TAG.bitString).bytes);
}

/** Key identifier by method 1 of RFC 5280 §4.2.1.2: SHA-1 over the contents of subjectPublicKey. */
export function keyIdentifier(spki: Uint8Array): Buffer {
  return digest('sha1', subjectPublicKeyBits(spki));
}

/** The octets of subjectPublicKey without the count of unused bits: what OCSP's issuerKeyHash covers. */
export function subjectPublicKeyBits(spki: Uint8Array): Buffer {
  const cursor = openWhole(spki);
  cursor.read(TAG.sequence);
  const octets = bitOctetsOf(cursor.read(TAG.bitString));
  cursor.end();
  return octets;
}
