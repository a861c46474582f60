import type { Certificate } from '../../pki/certificate.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { bitsOf, oidOf } from '../../pki/der/values.ts';
import { ALG } from '../../pki/oid.ts';
import { oncePer } from './once-per.ts';

export interface PublicKeyInfo {
  /** OID of the key's algorithm. */
  algorithm: string;
  /** Encoding of the parameters, where there are any. */
  parameters?: Buffer;
  /** Octets of subjectPublicKey. */
  key: Buffer;
}

/** The subject's key as it is written, read once per certificate; whether it lies on its curve is for key checks. */
export const publicKeyInfo = oncePer(({ subjectPublicKeyInfo }: Certificate) =>
  readInfo(subjectPublicKeyInfo),
);

/** Modulus and exponent as contents octets of their INTEGERs; undefined for a key that is not RSA. */
export function rsaNumbers(certificate: Certificate): { modulus: Buffer; exponent: Buffer } | undefined {
  const { algorithm, key } = publicKeyInfo(certificate);
  if (algorithm !== ALG.rsaEncryption && algorithm !== ALG.rsassaPss) return undefined;
  const numbers = openWhole(key);
  const modulus = numbers.read(TAG.integer).content;
  const exponent = numbers.read(TAG.integer).content;
  numbers.end();
  return { modulus, exponent };
}

/** Length in bits of a non-negative INTEGER's contents octets. */
export function bitLength(integer: Buffer): number {
  const start = integer[0] === 0 ? 1 : 0;
  if (start === integer.length) return 0;
  return (integer.length - start) * 8 - (Math.clz32(integer[start]) - 24);
}

function readInfo(spki: Buffer): PublicKeyInfo {
  const outer = openWhole(spki);
  const identifier = outer.into(TAG.sequence);
  const { bytes: key } = bitsOf(outer.read(TAG.bitString));
  outer.end();
  const algorithm = oidOf(identifier.read(TAG.oid));
  const parameters = identifier.rest;
  return { algorithm, key, ...(parameters.length > 0 && { parameters }) };
}
