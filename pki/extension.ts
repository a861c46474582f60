import * as asn1 from './der/encode.ts';
import type { Cursor } from './der/decode.ts';
import { TAG, context } from './der/tag.ts';
import { booleanOf, oidOf } from './der/values.ts';
import { PkiError } from './pki-error.ts';

/** An extension (RFC 5280 §4.2); `value` is what stands inside extnValue's OCTET STRING. */
export interface Extension {
  oid: string;
  critical: boolean;
  value: Buffer;
  /** The whole Extension, on those that stand in many certificates and are written more than once. */
  encoded?: Buffer;
}

export type Extensions = ReadonlyMap<string, Extension>;

/** More extensions than any certificate has; bounds a hostile list. */
const EXTENSIONS_MAX = 100;

/** Encodes one Extension; critical FALSE is the default and left out (X.690 §11.5). */
export function encodeExtension({ oid, critical, value, encoded }: Extension): Buffer {
  if (encoded) return encoded;
  const parts = critical ? [asn1.boolean(true)] : [];
  return asn1.sequence(asn1.oid(oid), ...parts, asn1.octetString(value));
}

/** `[number] EXPLICIT Extensions`, to be encoded with what it stands in. */
export function explicitExtensions(number: number, extensions: readonly Extension[]): asn1.Tree {
  return {
    tag: context(number),
    contents: [{ tag: TAG.sequence, contents: extensions.map(extensionTree) }],
  };
}

function extensionTree(extension: Extension): Uint8Array | asn1.Tree {
  const { oid, critical, value, encoded } = extension;
  if (encoded || critical) return encodeExtension(extension);
  return { tag: TAG.sequence, contents: [asn1.oid(oid), { tag: TAG.octetString, contents: [value] }] };
}

/** Reads the SEQUENCE OF Extension that the cursor stands in; the same extension twice is refused (§4.2). */
export function readExtensions(list: Cursor): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  while (!list.atEnd) {
    if (extensions.size === EXTENSIONS_MAX)
      throw new PkiError('der-malformed', `more than ${EXTENSIONS_MAX} extensions`);
    const one = list.into(TAG.sequence);
    const oid = oidOf(one.read(TAG.oid));
    const flag = one.readOptional(TAG.boolean);
    // An explicit FALSE is not DER but common in the field; it changes nothing, so it is read.
    const critical = flag ? booleanOf(flag) : false;
    const value = one.read(TAG.octetString).content;
    one.end();
    if (extensions.has(oid)) throw new PkiError('der-malformed', `extension ${oid} occurs twice`);
    extensions.set(oid, { oid, critical, value });
  }
  return extensions;
}
