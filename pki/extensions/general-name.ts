import * as asn1 from '../der/encode.ts';
import { Cursor } from '../der/decode.ts';
import type { Element } from '../der/decode.ts';
import { TAG, context, contextPrimitive } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { parseRepeatedName } from '../name.ts';
import type { Name } from '../name.ts';
import { PkiError } from '../pki-error.ts';

/** GeneralName (RFC 5280 §4.2.1.6): the forms that we interpret; the others keep their tag and contents. */
export type GeneralName =
  | { kind: 'uri' | 'email' | 'dns'; value: string }
  | { kind: 'directoryName'; name: Name }
  | { kind: 'otherName'; type: string; value: Buffer }
  | { kind: 'other'; tag: number; content: Buffer };

const TEXT_TAGS = new Map<number, 'uri' | 'email' | 'dns'>([
  [contextPrimitive(1), 'email'],
  [contextPrimitive(2), 'dns'],
  [contextPrimitive(6), 'uri'],
]);

export function encodeUri(uri: string): Buffer {
  return asn1.implicit(6, uriString(uri));
}

/** A URI as IA5String; throws PkiError `name-malformed` when it is not in its ASCII form (RFC 5280 §7.4). */
export function uriString(uri: string): Buffer {
  if (!/^[\x21-\x7e]+$/.test(uri))
    throw new PkiError('name-malformed', 'a URI in a certificate is ASCII without spaces');
  return asn1.ia5String(uri);
}

/** directoryName is a CHOICE, so its [4] is explicit. */
export function encodeDirectoryName(encodedName: Uint8Array): Buffer {
  return asn1.explicit(4, encodedName);
}

export function encodeOtherName(type: string, encodedValue: Uint8Array): Buffer {
  return asn1.implicit(0, asn1.sequence(asn1.oid(type), asn1.explicit(0, encodedValue)));
}

export function readGeneralName(element: Element): GeneralName {
  const kind = TEXT_TAGS.get(element.tag);
  if (kind) return { kind, value: element.content.toString('latin1') };
  if (element.tag === context(4)) return { kind: 'directoryName', name: parseRepeatedName(element.content) };
  if (element.tag === context(0)) {
    const cursor = new Cursor(element.content);
    const type = oidOf(cursor.read(TAG.oid));
    const { content } = cursor.read(context(0));
    cursor.end();
    return { kind: 'otherName', type, value: content };
  }
  return { kind: 'other', tag: element.tag, content: element.content };
}

export function readGeneralNames(list: Cursor): GeneralName[] {
  return [...list.elements()].map(readGeneralName);
}
