import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { namedBitsOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';

/** Bits of KeyUsage in their order (RFC 5280 §4.2.1.3); nonRepudiation is contentCommitment's older name. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

export function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  return {
    oid: CE.keyUsage,
    critical: true,
    value: asn1.namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))),
  };
}

export function parseKeyUsage(value: Uint8Array): KeyUsage[] {
  const cursor = new Cursor(value);
  const bits = namedBitsOf(cursor.read(TAG.bitString));
  cursor.end();
  return bits.flatMap((bit) => KEY_USAGES[bit] ?? []);
}
