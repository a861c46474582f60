import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { openWhole } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { bitOctetsOf } from './der/values.ts';
import { digest } from './digest-algorithm.ts';
import { PkiError } from './pki-error.ts';

/** Reads a SubjectPublicKeyInfo; throws PkiError `key-malformed` (also for a point that is off its curve or at infinity). */
export function importPublicKey(spki: Uint8Array): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ec') assertFinitePoint(spki);
    return key;
  } catch (cause) {
    throw new PkiError('key-malformed', 'SubjectPublicKeyInfo cannot be read as a public key', { cause });
  }
}

/** OpenSSL reads the point at infinity (one octet, SEC 1 §2.3.3) as a key: one for which everybody can sign. */
function assertFinitePoint(spki: Uint8Array): void {
  if (subjectPublicKeyBits(spki).length < 2) throw new PkiError('key-malformed', 'the point at infinity');
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
