// A CRL in parts: the entries stay where they are, and only its small head and tail are written.
import * as asn1 from './der/encode.ts';
import { TAG } from './der/tag.ts';
import { encodeExtension } from './extension.ts';
import type { Extension } from './extension.ts';

/** Octets in order that are one DER value when joined. */
export type DerParts = readonly Uint8Array[];

export interface TbsCertListFields {
  /** AlgorithmIdentifier of the signature to come. */
  signatureAlgorithm: Uint8Array;
  /** Encoded Name: the subject of the issuer's certificate, byte for byte (RFC 5280 §5.1.2.3). */
  issuer: Uint8Array;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Encoded entries; each part holds whole entries. */
  entries: DerParts;
  extensions: readonly Extension[];
}

/** Encodes a version 2 TBSCertList (RFC 5280 §5.1.2); without entries revokedCertificates is absent (§5.1.2.6). */
export function tbsCertListParts(fields: TbsCertListFields): DerParts {
  const head = Buffer.concat([
    VERSION_2,
    fields.signatureAlgorithm,
    fields.issuer,
    asn1.time(fields.thisUpdate),
    asn1.time(fields.nextUpdate),
  ]);
  const entriesOctets = octetsOf(fields.entries);
  const entriesHead = entriesOctets === 0 ? Buffer.alloc(0) : elementHead(TAG.sequence, entriesOctets);
  const tail = asn1.explicit(0, asn1.sequence(...fields.extensions.map(encodeExtension)));
  const contents = head.length + entriesHead.length + entriesOctets + tail.length;
  return [Buffer.concat([elementHead(TAG.sequence, contents), head, entriesHead]), ...fields.entries, tail];
}

/** Puts signature algorithm and signature around the signed parts (RFC 5280 §5.1.1). */
export function certificateListParts(
  tbsCertList: DerParts,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): DerParts {
  const tail = Buffer.concat([signatureAlgorithm, asn1.bitString(signature)]);
  return [elementHead(TAG.sequence, octetsOf(tbsCertList) + tail.length), ...tbsCertList, tail];
}

export function octetsOf(parts: DerParts): number {
  let octets = 0;
  for (const part of parts) octets += part.length;
  return octets;
}

const VERSION_2 = asn1.integer(1);

/** Identifier and length octets of an element whose contents come in parts. */
function elementHead(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const lengthOctets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) lengthOctets.unshift(rest % 0x100);
  return Buffer.from([tag, 0x80 | lengthOctets.length, ...lengthOctets]);
}
