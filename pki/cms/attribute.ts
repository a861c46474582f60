import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { PkiError } from '../pki-error.ts';

/** An attribute (RFC 5652 §5.3): each value is one whole element, in BER as it was sent. */
export interface CmsAttribute {
  type: string;
  values: Buffer[];
}

/** CAdES with archive time stamps carries a dozen attributes; the bounds leave room. */
const ATTRIBUTES_MAX = 64;
const VALUES_MAX = 64;

/** Encodes one attribute in DER; the values are sorted as SET OF wants. */
export function encodeAttribute(type: string, ...values: Uint8Array[]): Buffer {
  return asn1.sequence(asn1.oid(type), asn1.setOf(...values));
}

/** Reads the contents octets of SignedAttributes or UnsignedAttributes; an empty set and any order are let through. */
export function parseAttributes(content: Uint8Array): CmsAttribute[] {
  const list = new Cursor(content, 'ber');
  const attributes: CmsAttribute[] = [];
  while (!list.atEnd) {
    if (attributes.length === ATTRIBUTES_MAX) throw tooMany(`attributes, at most ${ATTRIBUTES_MAX}`);
    const one = list.into(TAG.sequence);
    const type = oidOf(one.read(TAG.oid));
    const values: Buffer[] = [];
    for (const value of one.into(TAG.set).elements()) {
      if (values.length === VALUES_MAX) throw tooMany(`values of attribute ${type}, at most ${VALUES_MAX}`);
      values.push(value.bytes);
    }
    one.end();
    attributes.push({ type, values });
  }
  return attributes;
}

/** Values of all attributes of a type, flattened. */
export function valuesOf(attributes: readonly CmsAttribute[], type: string): Buffer[] {
  return attributes.flatMap((attribute) => (attribute.type === type ? attribute.values : []));
}

function tooMany(detail: string): PkiError {
  return new PkiError('cms-malformed', `too many ${detail}`);
}
