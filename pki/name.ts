import * as asn1 from './der/encode.ts';
import { openWhole } from './der/decode.ts';
import type { EncodingRules, Cursor } from './der/decode.ts';
import { TAG } from './der/tag.ts';
import { isStringTag, oidOf, textOf } from './der/values.ts';
import { AT } from './oid.ts';
import { PkiError } from './pki-error.ts';

export interface NameAttribute {
  /** Attribute type as dotted decimals. */
  type: string;
  /** Text; a value that is no string, such as X.520's uniqueIdentifier, as `#` and its encoding in hex (RFC 4514 §2.4). */
  value: string;
  /** Universal tag of the value, e.g. TAG.utf8String. */
  tag: number;
}

/** A distinguished name as it stands in a certificate: a sequence of sets of attributes (X.501). */
export interface Name {
  /** The whole encoding; equal bytes are the same name. */
  bytes: Buffer;
  rdns: NameAttribute[][];
}

/** A name to be written: one attribute per relative distinguished name. */
export type NameTemplate = readonly { type: string; value: string; form?: 'utf8' | 'printable' | 'ia5' }[];

/** More relative names than any practice; bounds the work on a hostile name. */
const RDNS_MAX = 64;

/**
 * Encodes a name; the string type defaults to UTF8String, and PrintableString where X.520 demands it.
 * Throws PkiError `name-malformed` for a value that its string type cannot hold.
 */
export function encodeName(template: NameTemplate): Buffer {
  return asn1.sequence(
    ...template.map(({ type, value, form }) =>
      asn1.setOf(asn1.sequence(asn1.oid(type), encodeString(value, form ?? defaultForm(type)))),
    ),
  );
}

/** Reads a Name (RFC 5280 §4.1.2.4); throws PkiError `name-malformed` or `der-malformed`. */
export function parseName(bytes: Uint8Array, rules: EncodingRules = 'der'): Name {
  const cursor = openWhole(bytes, TAG.sequence, rules);
  const rdns: NameAttribute[][] = [];
  while (!cursor.atEnd) {
    if (rdns.length === RDNS_MAX)
      throw new PkiError('name-malformed', `more than ${RDNS_MAX} relative names`);
    rdns.push(readRdn(cursor.into(TAG.set)));
  }
  return { bytes: Buffer.from(bytes), rdns };
}

/** More than the issuers and authorities that one process meets in turn. */
const REPEATED_NAMES_MAX = 4;
const repeatedNames: Name[] = [];
let oldestRepeated = 0;

/** The same for names that come again and again, such as an issuer's: the last few are kept as they were read. */
export function parseRepeatedName(bytes: Uint8Array): Name {
  for (const name of repeatedNames) if (name.bytes.equals(bytes)) return name;
  const name = parseName(bytes);
  repeatedNames[oldestRepeated] = name;
  oldestRepeated = (oldestRepeated + 1) % REPEATED_NAMES_MAX;
  return name;
}

/** First value of an attribute type, if the name has one. */
export function attributeOf(name: Name, type: string): string | undefined {
  for (const rdn of name.rdns)
    for (const attribute of rdn) if (attribute.type === type) return attribute.value;
  return undefined;
}

/**
 * A key under which two names match when RFC 5280 §7.1 says so, by RFC 4518: case, invisible characters and
 * insignificant white space ignored, string types not told apart, the members of a multi-valued RDN in any order.
 */
export function nameKey(name: Name): string {
  let key = nameKeys.get(name);
  if (key === undefined) {
    key = rdnKeys(name).join('/');
    nameKeys.set(name, key);
  }
  return key;
}

/** The issuers' names are compared for each certificate, and are the same objects each time. */
const nameKeys = new WeakMap<Name, string>();

/** The keys of the relative names by themselves: what a directoryName constraint is compared with (RFC 5280 §7.1). */
export function rdnKeys(name: Name): string[] {
  return name.rdns.map((rdn) => rdn.map(attributeKey).sort().join('+'));
}

/** The name with one more RDN, given by the contents of its SET, as nameRelativeToCRLIssuer is (RFC 5280 §4.2.1.13). */
export function extendName(name: Name, rdnContents: Uint8Array): Name {
  return parseName(
    asn1.sequence(openWhole(name.bytes, TAG.sequence, 'ber').rest, asn1.element(TAG.set, rdnContents)),
    'ber',
  );
}

export function sameName(a: Name, b: Name): boolean {
  return a.bytes.equals(b.bytes) || (a.rdns.length === b.rdns.length && nameKey(a) === nameKey(b));
}

const SHORT_NAMES = new Map<string, string>([
  [AT.commonName, 'CN'],
  [AT.surname, 'SN'],
  [AT.serialNumber, 'serialNumber'],
  [AT.countryName, 'C'],
  [AT.localityName, 'L'],
  [AT.stateOrProvinceName, 'ST'],
  [AT.organizationName, 'O'],
  [AT.organizationalUnitName, 'OU'],
  [AT.givenName, 'GN'],
  [AT.title, 'title'],
  [AT.organizationIdentifier, 'organizationIdentifier'],
]);

/** The name for people and logs, in the order of the certificate: `C=IR, O=…, CN=…`. Never compare these. */
export function nameText(name: Name): string {
  const one = (a: NameAttribute) => `${SHORT_NAMES.get(a.type) ?? a.type}=${escaped(a.value)}`;
  return name.rdns.map((rdn) => rdn.map(one).join('+')).join(', ');
}

/** Escapes as RFC 4514 §2.4 does, and control characters too: a name must not forge lines of a log. */
function escaped(value: string): string {
  const separatorsEscaped = value.replace(/[\\,+=]/g, '\\$&');
  return separatorsEscaped.replace(/\p{Cc}/gu, (control) => `\\${Buffer.from(control).toString('hex')}`);
}

function readRdn(set: Cursor): NameAttribute[] {
  const attributes: NameAttribute[] = [];
  while (!set.atEnd) {
    const attribute = set.into(TAG.sequence);
    const type = oidOf(attribute.read(TAG.oid));
    const value = attribute.next();
    attribute.end();
    const text = isStringTag(value.tag) ? textOf(value) : `#${value.bytes.toString('hex')}`;
    attributes.push({ type, value: text, tag: value.tag });
  }
  if (attributes.length === 0) throw new PkiError('name-malformed', 'empty relative name');
  return attributes;
}

/** What RFC 4518 §2.2 maps to nothing: controls other than white space, joiners, direction marks, variation selectors. */
const INVISIBLE = /[^\P{Cc}\t-\r\u0085]|[\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc]/gu;

function attributeKey({ type, value, tag }: NameAttribute): string {
  if (!isStringTag(tag)) return `${type}=${value}`;
  const mapped = isPlainAscii(value)
    ? value.toLowerCase()
    : folded(value.replace(INVISIBLE, '').normalize('NFKC')).normalize('NFKC');
  return `${type}=${JSON.stringify(mapped.replace(/[\s\u0085]+/g, ' ').trim())}`;
}

function isPlainAscii(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value);
}

/** The folding of RFC 3454 table B.2, letter by letter: `ß` is `ss` and a final sigma a sigma, but `ı` is no `i`. */
function folded(text: string): string {
  let out = '';
  for (const letter of text) out += letter === 'ı' ? letter : lowerCase(lowerCase(letter).toUpperCase());
  return out;
}

/** By letters, since toLowerCase of a word knows of final sigmas. */
function lowerCase(text: string): string {
  let out = '';
  for (const letter of text) out += letter.toLowerCase();
  return out;
}

/** X.520 prescribes PrintableString for these, whatever else a name uses. */
function defaultForm(type: string): 'utf8' | 'printable' | 'ia5' {
  if (type === AT.countryName || type === AT.serialNumber) return 'printable';
  return type === AT.emailAddress || type === AT.domainComponent ? 'ia5' : 'utf8';
}

function encodeString(value: string, form: 'utf8' | 'printable' | 'ia5'): Buffer {
  if (/\p{Cs}/u.test(value)) throw new PkiError('name-malformed', 'value holds half a surrogate pair');
  if (form === 'utf8') return asn1.utf8String(value);
  if (form === 'printable') {
    if (!asn1.isPrintable(value)) throw new PkiError('name-malformed', 'value does not fit PrintableString');
    return asn1.printableString(value);
  }
  if (!/^[\x20-\x7e]*$/.test(value)) throw new PkiError('name-malformed', 'value does not fit IA5String');
  return asn1.ia5String(value);
}
