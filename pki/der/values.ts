// Contents of primitive elements to typed values. Each takes the element, so a wrong tag is caught by the cursor before.
import { PkiError } from '../pki-error.ts';
import { Cursor } from './decode.ts';
import type { Element } from './decode.ts';
import { CONSTRUCTED, TAG } from './tag.ts';

export function booleanOf(element: Element, strict = true): boolean {
  const { content } = element;
  if (content.length !== 1 || (strict && content[0] !== 0 && content[0] !== 0xff)) {
    throw malformed('BOOLEAN is not 00 or FF');
  }
  return content[0] !== 0;
}

/** INTEGER or ENUMERATED as a bigint; refuses needless leading octets (X.690 §8.3.2). */
export function bigintOf(element: Element): bigint {
  const { content } = element;
  assertMinimalInteger(content);
  const unsigned = BigInt(`0x${content.toString('hex')}`);
  return BigInt.asIntN(content.length * 8, unsigned);
}

/** INTEGER or ENUMERATED that fits a JavaScript number. */
export function numberOf(element: Element): number {
  assertMinimalInteger(element.content);
  if (element.content.length > 6) throw malformed('INTEGER is too large');
  return element.content.readIntBE(0, element.content.length);
}

export function assertMinimalInteger(content: Uint8Array): void {
  if (content.length === 0) throw malformed('INTEGER without contents');
  if (content.length === 1) return;
  const needless = (content[0] === 0 && content[1] < 0x80) || (content[0] === 0xff && content[1] >= 0x80);
  if (needless) throw malformed('INTEGER is not in its shortest form');
}

/** By contents octets as Latin-1 text; PKIX knows some dozens, and what strangers send must not fill the memory. */
const knownOids = new Map<string, string>();
const KNOWN_OIDS_MAX = 1_024;

/** OBJECT IDENTIFIER as dotted decimals. */
export function oidOf(element: Element): string {
  const octets = element.contentText('latin1');
  const known = knownOids.get(octets);
  if (known !== undefined) return known;
  const dotted = readOid(element.content);
  if (knownOids.size < KNOWN_OIDS_MAX) knownOids.set(octets, dotted);
  return dotted;
}

function readOid(content: Buffer): string {
  if (content.length === 0 || content.length > OID_OCTETS_MAX || (content[content.length - 1] & 0x80) !== 0) {
    throw malformed('OBJECT IDENTIFIER is cut off or too long');
  }
  let dotted = '';
  let arc = 0;
  let fresh = true;
  for (let at = 0; at < content.length; at += 1) {
    const octet = content[at];
    if (fresh && octet === 0x80) throw malformed('OBJECT IDENTIFIER arc is not in its shortest form');
    // Past 2^46 the next seven bits would not fit a number: UUID arcs (2.25) take the slow way.
    if (arc >= 2 ** 46) return longOidOf(content);
    arc = arc * 0x80 + (octet & 0x7f);
    fresh = (octet & 0x80) === 0;
    if (!fresh) continue;
    if (dotted === '') {
      const first = Math.min(Math.floor(arc / 40), 2);
      dotted = `${first}.${arc - first * 40}`;
    } else {
      dotted += `.${arc}`;
    }
    arc = 0;
  }
  return dotted;
}

function longOidOf(content: Buffer): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const octet of content) {
    if (fresh && octet === 0x80) throw malformed('OBJECT IDENTIFIER arc is not in its shortest form');
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    fresh = (octet & 0x80) === 0;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const first = arcs[0] < 80n ? arcs[0] / 40n : 2n;
  return [first, arcs[0] - first * 40n, ...arcs.slice(1)].join('.');
}

/** OBJECT IDENTIFIERs of practice are under 40 octets; the bound keeps their arithmetic linear. */
const OID_OCTETS_MAX = 128;

/** BIT STRING: its octets and the count of unused bits in the last one, which are zero (X.690 §11.2.1). */
export function bitsOf(element: Element): { bytes: Buffer; unusedBits: number } {
  const { content } = element;
  if (content.length === 0 || content[0] > 7 || (content.length === 1 && content[0] !== 0)) {
    throw malformed('BIT STRING has an impossible count of unused bits');
  }
  if ((content[content.length - 1] & ((1 << content[0]) - 1)) !== 0 && content.length > 1) {
    throw malformed('BIT STRING has unused bits that are set');
  }
  return { bytes: content.subarray(1), unusedBits: content[0] };
}

/** BIT STRING that wraps whole octets, as keys and signatures do: a count of unused bits would be a second encoding. */
export function bitOctetsOf(element: Element): Buffer {
  const { bytes, unusedBits } = bitsOf(element);
  if (unusedBits !== 0) throw malformed('BIT STRING is not whole octets');
  return bytes;
}

/** Positions of the bits that are set in a BIT STRING of named bits. */
export function namedBitsOf(element: Element): number[] {
  const { bytes } = bitsOf(element);
  const positions: number[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit += 1)
    if (bytes[bit >> 3] & (0x80 >> (bit & 7))) positions.push(bit);
  return positions;
}

/** OCTET STRING; in BER it may be constructed of segments (X.690 §8.7.3), which are joined. */
export function octetsOf(element: Element): Buffer {
  if ((element.tag & ~CONSTRUCTED) !== TAG.octetString) throw malformed('not an OCTET STRING');
  if (element.tag === TAG.octetString) return element.content;
  const segments = [...new Cursor(element.content, 'ber', element.depth + 1).elements()];
  return Buffer.concat(segments.map(octetsOf));
}

const STRING_TAGS: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.numericString,
  TAG.printableString,
  TAG.teletexString,
  TAG.ia5String,
  TAG.visibleString,
  TAG.universalString,
  TAG.bmpString,
]);

/** Whether `textOf` can read an element with this tag. */
export function isStringTag(tag: number): boolean {
  return STRING_TAGS.has(tag);
}

/** Any of the string types in use, as JavaScript text; TeletexString is read as Latin-1, as everybody does. */
export function textOf(element: Element): string {
  switch (element.tag) {
    case TAG.utf8String:
      return utf8Of(element);
    case TAG.printableString:
    case TAG.numericString:
    case TAG.ia5String:
    case TAG.visibleString:
      return asciiOf(element);
    case TAG.teletexString:
      return element.contentText('latin1');
    case TAG.bmpString:
      if (element.content.length % 2 !== 0) throw malformed('BMPString of odd length');
      return Buffer.from(element.content).swap16().toString('utf16le');
    case TAG.universalString:
      return universalTextOf(element.content);
    default:
      throw malformed(`not a string type: tag 0x${element.tag.toString(16)}`);
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function asciiOf(element: Element): string {
  const text = element.contentText('latin1');
  for (let at = 0; at < text.length; at += 1)
    if (text.charCodeAt(at) > 0x7f) throw malformed('octets above 7F in an ASCII string type');
  return text;
}

function utf8Of(element: Element): string {
  const text = element.contentText('utf8');
  // The quick decoder puts U+FFFD where it fails; only then the strict one, which is slow, has to tell.
  if (!text.includes('\ufffd')) return text;
  try {
    return strictUtf8.decode(element.content);
  } catch (cause) {
    throw new PkiError('der-malformed', 'UTF8String is not UTF-8', { cause });
  }
}

/** Four octets a character (X.690 §8.23): beyond Unicode and half surrogates are refused. */
function universalTextOf(content: Buffer): string {
  if (content.length % 4 !== 0) throw malformed('UniversalString is not groups of four octets');
  let text = '';
  for (let at = 0; at < content.length; at += 4) {
    const point = content.readUInt32BE(at);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      throw malformed('no such character in a UniversalString');
    text += String.fromCodePoint(point);
  }
  return text;
}

/**
 * UTCTime or GeneralizedTime of the RFC 5280 §4.1.2.5 forms: UTC with seconds. Time stamps (RFC 3161 §2.4.2) may
 * carry a fraction in a GeneralizedTime, which is read to the millisecond.
 */
export function timeOf(element: Element): Date {
  const text = element.contentText('latin1');
  if (element.tag === TAG.utcTime && /^\d{12}Z$/.test(text)) {
    return instantOf((Number(text.slice(0, 2)) < 50 ? '20' : '19') + text);
  }
  if (element.tag === TAG.generalizedTime && /^\d{14}(\.\d{1,9})?Z$/.test(text)) return instantOf(text);
  throw malformed('time is not in the form that RFC 5280 prescribes');
}

function instantOf(text: string): Date {
  const two = (at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
  const year = two(0) * 100 + two(2);
  const [month, day, hour, minute, second] = [two(4), two(6), two(8), two(10), two(12)];
  const milliseconds = text.length > 15 ? Number(text.slice(15, -1).padEnd(3, '0').slice(0, 3)) : 0;
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
  if (year < 100) instant.setUTCFullYear(year);
  const exact =
    instant.getUTCMonth() === month - 1 &&
    instant.getUTCDate() === day &&
    instant.getUTCHours() === hour &&
    instant.getUTCMinutes() === minute &&
    instant.getUTCSeconds() === second;
  if (!exact) throw malformed(`no such time: ${text}`);
  return instant;
}

function malformed(detail: string): PkiError {
  return new PkiError('der-malformed', detail);
}
