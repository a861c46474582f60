import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import type { Element } from '../der/decode.ts';
import { CONSTRUCTED, TAG } from '../der/tag.ts';
import { BerReader } from './ber-reader.ts';

/**
 * Re-encodes BER elements in DER (X.690 §10): definite shortest lengths, octet strings in one piece, sets sorted.
 * Returns the contents octets of a SET OF these elements; throws PkiError `der-malformed`.
 */
export function derSetContents(content: Uint8Array): Buffer {
  return Buffer.concat(normalMembers(new Cursor(content, 'ber')).sort(Buffer.compare));
}

function normalMembers(cursor: Cursor): Buffer[] {
  return [...cursor.elements()].map((member) => normalForm(member, cursor));
}

function normalForm(member: Element, cursor: Cursor): Buffer {
  const { tag, bytes, content } = member;
  if (tag === (TAG.octetString | CONSTRUCTED)) return asn1.octetString(new BerReader(bytes).readOctets());
  // Tags of several octets occur in no signed attribute; they stay as they came.
  if (tag > 0xff) return bytes;
  if ((tag & CONSTRUCTED) === 0) return asn1.element(tag, content);
  const members = normalMembers(cursor.open(member));
  return asn1.element(tag, ...(tag === TAG.set ? members.sort(Buffer.compare) : members));
}
