import { CONSTRUCTED, TAG, context, contextPrimitive } from './tag.ts';

/** Encodes one element in DER (X.690 §10.1): identifier octet, shortest length, contents joined in order. */
export function element(tag: number, ...contents: Uint8Array[]): Buffer {
  let length = 0;
  for (const part of contents) length += part.length;
  const header = headerLength(length);
  const out = Buffer.allocUnsafe(header + length);
  out[0] = tag;
  writeLength(out, length, header);
  let at = header;
  for (const part of contents) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** An element that is not encoded yet: its contents are encoded, or are such elements themselves. */
export interface Tree {
  tag: number;
  contents: readonly (Uint8Array | Tree)[];
}

/** Encodes elements within elements into one buffer: what is made of `element` alone is copied once for each level. */
export function tree(root: Tree): Buffer {
  const lengths: number[] = [];
  const length = measure(root, lengths);
  const out = Buffer.allocUnsafe(length);
  write(root, { out, at: 0, lengths, next: 0 });
  return out;
}

/** Octets of the whole element; lengths of contents go into `lengths` in the order in which the elements begin. */
function measure({ contents }: Tree, lengths: number[]): number {
  const own = lengths.push(0) - 1;
  let length = 0;
  for (const part of contents) length += part instanceof Uint8Array ? part.length : measure(part, lengths);
  lengths[own] = length;
  return headerLength(length) + length;
}

interface TreeWriting {
  out: Buffer;
  at: number;
  lengths: readonly number[];
  /** Of the lengths, that of the element which begins next. */
  next: number;
}

function write({ tag, contents }: Tree, writing: TreeWriting): void {
  const { out, lengths } = writing;
  const length = lengths[writing.next];
  const header = headerLength(length);
  writing.next += 1;
  out[writing.at] = tag;
  writeLength(out, length, header, writing.at);
  writing.at += header;
  for (const part of contents) {
    if (part instanceof Uint8Array) {
      out.set(part, writing.at);
      writing.at += part.length;
    } else {
      write(part, writing);
    }
  }
}

export function sequence(...contents: Uint8Array[]): Buffer {
  return element(TAG.sequence, ...contents);
}

/** SET OF: the members sorted by their encodings (X.690 §11.6). */
export function setOf(...members: Uint8Array[]): Buffer {
  return element(TAG.set, ...members.slice().sort(Buffer.compare));
}

export function explicit(number: number, ...contents: Uint8Array[]): Buffer {
  return element(context(number), ...contents);
}

/** Retags an encoded element as [number] IMPLICIT; the constructed bit stays as it is. */
export function implicit(number: number, encoded: Uint8Array): Buffer {
  const out = Buffer.from(encoded);
  out[0] = contextPrimitive(number) | (encoded[0] & CONSTRUCTED);
  return out;
}

export function boolean(value: boolean): Buffer {
  return Buffer.from([TAG.boolean, 1, value ? 0xff : 0x00]);
}

/** INTEGER from a number, a bigint or the big-endian magnitude of a non-negative number. */
export function integer(value: number | bigint | Uint8Array): Buffer {
  return element(TAG.integer, value instanceof Uint8Array ? magnitude(value) : twosComplement(BigInt(value)));
}

export function enumerated(value: number): Buffer {
  return element(TAG.enumerated, twosComplement(BigInt(value)));
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(TAG.bitString, Buffer.from([unusedBits]), bytes);
}

/** BIT STRING of named bits: trailing zero bits removed (X.690 §11.2.2). `bits` lists the positions that are set. */
export function namedBits(bits: readonly number[]): Buffer {
  if (bits.length === 0) return bitString(Buffer.alloc(0));
  const last = Math.max(...bits);
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] |= 0x80 >> (bit & 7);
  return bitString(bytes, 7 - (last & 7));
}

export function octetString(bytes: Uint8Array): Buffer {
  return element(TAG.octetString, bytes);
}

export const NULL = Buffer.from([TAG.null, 0]);

const encodedOids = new Map<string, Buffer>();

/** OBJECT IDENTIFIER from dotted decimals; the encodings are kept, since the house uses a fixed set. */
export function oid(dotted: string): Buffer {
  const known = encodedOids.get(dotted);
  if (known) return known;
  const encoded = element(TAG.oid, oidContents(dotted));
  encodedOids.set(dotted, encoded);
  return encoded;
}

export function utf8String(text: string): Buffer {
  return element(TAG.utf8String, Buffer.from(text, 'utf8'));
}

/** PrintableString; the caller has checked its alphabet (X.680 §41.4), see `isPrintable`. */
export function printableString(text: string): Buffer {
  return element(TAG.printableString, Buffer.from(text, 'latin1'));
}

export function ia5String(text: string): Buffer {
  return element(TAG.ia5String, Buffer.from(text, 'latin1'));
}

export function isPrintable(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
}

/** What is signed within one second has the same few times in it. By second, each in the place that its last bits name. */
const TIMES_KEPT = 16;
const keptTimes: { second: number; encoded: Buffer }[] = [];

/** GeneralizedTime in UTC with whole seconds (RFC 5280 §4.1.2.5.2); RangeError outside of the years 0 to 9999. */
export function generalizedTime(instant: Date): Buffer {
  const second = Math.floor(instant.getTime() / 1000);
  const place = second & (TIMES_KEPT - 1);
  const kept = keptTimes[place];
  if (kept?.second === second) return kept.encoded;
  const encoded = element(TAG.generalizedTime, timeDigits(instant));
  keptTimes[place] = { second, encoded };
  return encoded;
}

/** GeneralizedTime in UTC to the millisecond, without trailing zeros and without a fraction that is zero (RFC 3161 §2.4.2). */
export function generalizedTimeWithFraction(instant: Date): Buffer {
  const milliseconds = instant.getUTCMilliseconds();
  if (milliseconds === 0) return generalizedTime(instant);
  const fraction = String(milliseconds).padStart(3, '0').replace(/0+$/, '');
  return element(
    TAG.generalizedTime,
    timeDigits(instant).subarray(0, -1),
    Buffer.from(`.${fraction}Z`, 'latin1'),
  );
}

/** Time as RFC 5280 §4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050. */
export function time(instant: Date): Buffer {
  const year = instant.getUTCFullYear();
  if (year >= 1950 && year <= 2049) return element(TAG.utcTime, timeDigits(instant).subarray(2));
  return generalizedTime(instant);
}

/** `yyyymmddhhmmssZ`, written digit by digit: each certificate and each CRL entry has a time. */
function timeDigits(instant: Date): Buffer {
  const year = instant.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`year ${year} does not fit GeneralizedTime`);
  const out = Buffer.allocUnsafe(15);
  writeTwoDigits(out, 0, Math.floor(year / 100));
  writeTwoDigits(out, 2, year % 100);
  writeTwoDigits(out, 4, instant.getUTCMonth() + 1);
  writeTwoDigits(out, 6, instant.getUTCDate());
  writeTwoDigits(out, 8, instant.getUTCHours());
  writeTwoDigits(out, 10, instant.getUTCMinutes());
  writeTwoDigits(out, 12, instant.getUTCSeconds());
  out[14] = 0x5a;
  return out;
}

function writeTwoDigits(out: Buffer, at: number, value: number): void {
  out[at] = 0x30 + Math.floor(value / 10);
  out[at + 1] = 0x30 + (value % 10);
}

function headerLength(length: number): number {
  if (length < 0x80) return 2;
  if (length < 0x100) return 3;
  if (length < 0x10000) return 4;
  return length < 0x1000000 ? 5 : 6;
}

function writeLength(out: Buffer, length: number, header: number, at = 0): void {
  if (header === 2) {
    out[at + 1] = length;
    return;
  }
  out[at + 1] = 0x80 | (header - 2);
  out.writeUIntBE(length, at + 2, header - 2);
}

function magnitude(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = Buffer.from(bytes.subarray(start));
  if (trimmed.length === 0) return Buffer.from([0]);
  return trimmed[0] & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed;
}

function twosComplement(value: bigint): Buffer {
  let size = 1;
  while (value < -(1n << BigInt(size * 8 - 1)) || value >= 1n << BigInt(size * 8 - 1)) size += 1;
  const hex = BigInt.asUintN(size * 8, value)
    .toString(16)
    .padStart(size * 2, '0');
  return Buffer.from(hex, 'hex');
}

function oidContents(dotted: string): Buffer {
  const arcs = dotted.split('.').map((arc) => {
    if (!/^(0|[1-9][0-9]*)$/.test(arc)) throw new RangeError(`not an object identifier: ${dotted}`);
    return BigInt(arc);
  });
  if (arcs.length < 2 || arcs[0] > 2n || (arcs[0] < 2n && arcs[1] > 39n)) {
    throw new RangeError(`not an object identifier: ${dotted}`);
  }
  const octets: number[] = [];
  for (const arc of [arcs[0] * 40n + arcs[1], ...arcs.slice(2)]) octets.push(...base128(arc));
  return Buffer.from(octets);
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}
