import { createHash, hash as oneShotHash } from 'node:crypto';

import * as asn1 from './der/encode.ts';
import { ALG } from './oid.ts';
import { PkiError } from './pki-error.ts';

/** `shake256` is SHAKE256 with 512 bits, which goes with Ed448 (RFC 8419 §3.1). */
export type DigestName = 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'shake256';

const OIDS: Record<DigestName, string> = {
  sha1: ALG.sha1,
  sha256: ALG.sha256,
  sha384: ALG.sha384,
  sha512: ALG.sha512,
  shake256: ALG.shake256,
};
const NAMES = new Map(Object.entries(OIDS).map(([name, oid]) => [oid, name as DigestName]));

export const DIGEST_OCTETS: Record<DigestName, number> = {
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
  shake256: 64,
};

/** Digest name of an algorithm identifier's OID; throws PkiError `algorithm-unsupported`. */
export function digestOfOid(oid: string): DigestName {
  const name = NAMES.get(oid);
  if (!name) throw new PkiError('algorithm-unsupported', `digest algorithm ${oid}`);
  return name;
}

export function digestOid(name: DigestName): string {
  return OIDS[name];
}

/** AlgorithmIdentifier of a digest: parameters absent (RFC 5754 §2). */
export function digestIdentifier(name: DigestName): Buffer {
  return asn1.sequence(asn1.oid(OIDS[name]));
}

const SHAKE256_OPTIONS = { outputLength: 64 };

export function digest(name: DigestName, ...parts: Uint8Array[]): Buffer {
  // In one step, a third of the time: keys, requests and certificates are hashed several times each.
  // And as text on the way, for a Buffer out of node:crypto has an ArrayBuffer of its own.
  if (parts.length === 1 && name !== 'shake256')
    return Buffer.from(oneShotHash(name, parts[0], 'binary'), 'latin1');
  const hash = createHash(name, name === 'shake256' ? SHAKE256_OPTIONS : undefined);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
