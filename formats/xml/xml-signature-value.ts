import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { verifySignature } from '../../pki/signature-algorithm.ts';
import type { SignatureScheme } from '../../pki/signature-algorithm.ts';

const RAW_KINDS: Readonly<Record<string, string>> = { ecdsa: 'ec', dsa: 'dsa' };

/** Checks a SignatureValue: two integers of the order's length for ECDSA and DSA (RFC 9231 §2.3.6), else as everywhere. */
export function verifyXmlSignatureValue(
  scheme: SignatureScheme,
  publicKey: KeyObject,
  octets: Uint8Array,
  value: Uint8Array,
): boolean {
  const keyType = RAW_KINDS[scheme.kind];
  if (keyType === undefined) return verifySignature(scheme, publicKey, octets, value);
  if (publicKey.asymmetricKeyType !== keyType) return false;
  try {
    return verify(scheme.digest, octets, { key: publicKey, dsaEncoding: 'ieee-p1363' }, value);
  } catch {
    return false;
  }
}

/** The SignatureValue of an Ecdsa-Sig-Value in DER, as signers give it; `octets` are those of the curve's order. */
export function rawEcdsaValue(signature: Uint8Array, octets: number): Buffer {
  const pair = openWhole(signature, TAG.sequence);
  const numbers = [pair.read(TAG.integer).content, pair.read(TAG.integer).content];
  return Buffer.concat(
    numbers.map((number) => {
      const magnitude = number[0] === 0 ? number.subarray(1) : number;
      return Buffer.concat([Buffer.alloc(octets - magnitude.length), magnitude]);
    }),
  );
}
