import { PkiError } from '../pki-error.ts';
import { CONSTRUCTED, TAG } from './tag.ts';

/** One element as it stands in the input; `bytes` and `content` are views, nothing is copied. */
export interface Element {
  /** Identifier octets as one number: 0x30 for SEQUENCE, 0xbf853d for a three-octet identifier. */
  readonly tag: number;
  /** Identifier, length and content octets (and end-of-contents in BER). */
  readonly bytes: Buffer;
  readonly content: Buffer;
  /** The octets that it was read from, and where its contents stand in them. */
  readonly input: Buffer;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly depth: number;
  /** The contents as text, without a view of them. */
  contentText(encoding: 'latin1' | 'utf8'): string;
}

export type EncodingRules = 'der' | 'ber';

/** Deeper nesting than any PKIX structure needs (CMS in CMS stays under 30): a bound against recursion bombs. */
const DEPTH_MAX = 64;

/**
 * Reads elements one after the other; throws PkiError `der-malformed` on anything that is not DER
 * (X.690 §10), or, with rules `ber`, not BER: there indefinite lengths and long lengths are let through.
 */
export class Cursor {
  readonly #bytes: Buffer;
  readonly #rules: EncodingRules;
  readonly #depth: number;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, rules: EncodingRules = 'der', depth = 0, start = 0, end = bytes.length) {
    if (depth > DEPTH_MAX) throw malformed(`nesting deeper than ${DEPTH_MAX}`);
    this.#bytes = asBuffer(bytes);
    this.#rules = rules;
    this.#depth = depth;
    this.#at = start;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** The octets not read yet. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#at, this.#end);
  }

  /** First identifier octet of the next element, or -1 at the end. */
  peek(): number {
    return this.#at < this.#end ? this.#bytes[this.#at] : -1;
  }

  next(): FoundElement {
    const found = readElement(this.#bytes, this.#at, this.#end, this.#rules, this.#depth);
    this.#at = found.end;
    return found;
  }

  /** Reads the next element and requires its tag. */
  read(tag: number): FoundElement {
    if (this.peek() !== leadingOctet(tag)) {
      throw malformed(`expected tag ${hex(tag)}, found ${this.atEnd ? 'the end' : hex(this.peek())}`);
    }
    const found = this.next();
    if (found.tag !== tag) throw malformed(`expected tag ${hex(tag)}, found ${hex(found.tag)}`);
    return found;
  }

  readOptional(tag: number): FoundElement | undefined {
    if (this.peek() !== leadingOctet(tag)) return undefined;
    const found = readElement(this.#bytes, this.#at, this.#end, this.#rules, this.#depth);
    if (found.tag !== tag) return undefined;
    this.#at = found.end;
    return found;
  }

  /** Reads a constructed element and returns a cursor over its contents. */
  into(tag: number): Cursor {
    const { contentStart, contentEnd } = this.read(tag);
    return new Cursor(this.#bytes, this.#rules, this.#depth + 1, contentStart, contentEnd);
  }

  intoOptional(tag: number): Cursor | undefined {
    const found = this.readOptional(tag);
    return found && this.open(found);
  }

  /** A cursor over the contents of an element read from here. */
  open({ input, contentStart, contentEnd }: Element): Cursor {
    return new Cursor(input, this.#rules, this.#depth + 1, contentStart, contentEnd);
  }

  /** All remaining elements. */
  *elements(): Generator<Element> {
    while (!this.atEnd) yield this.next();
  }

  /** Requires that nothing is left. */
  end(): void {
    if (!this.atEnd) throw malformed(`${this.#end - this.#at} unexpected trailing octets`);
  }
}

/** Reads exactly one element of the given tag that fills the input, and returns a cursor over its contents. */
export function openWhole(
  bytes: Uint8Array,
  tag: number = TAG.sequence,
  rules: EncodingRules = 'der',
): Cursor {
  const outer = new Cursor(bytes, rules);
  const inner = outer.into(tag);
  outer.end();
  return inner;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Offsets into the input; a view costs more than finding the element, and most elements are only walked through. */
class FoundElement implements Element {
  readonly input: Buffer;
  readonly start: number;
  readonly tag: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  /** Where the next element starts. */
  readonly end: number;
  readonly depth: number;

  // Not by names: a literal for each element would be half of the garbage of reading.
  constructor(
    input: Buffer,
    tag: number,
    start: number,
    contentStart: number,
    contentEnd: number,
    end: number,
    depth: number,
  ) {
    this.input = input;
    this.start = start;
    this.tag = tag;
    this.contentStart = contentStart;
    this.contentEnd = contentEnd;
    this.end = end;
    this.depth = depth;
  }

  get bytes(): Buffer {
    return this.input.subarray(this.start, this.end);
  }

  get content(): Buffer {
    return this.input.subarray(this.contentStart, this.contentEnd);
  }

  contentText(encoding: 'latin1' | 'utf8'): string {
    return this.input.toString(encoding, this.contentStart, this.contentEnd);
  }
}

function readElement(
  bytes: Buffer,
  start: number,
  limit: number,
  rules: EncodingRules,
  depth: number,
): FoundElement {
  let at = start;
  if (at >= limit) throw malformed('unexpected end of input');
  let tag = bytes[at++];
  if ((tag & 0x1f) === 0x1f) {
    // High tag numbers: at most three more octets, which covers 2^21 (Android attestation uses 700-odd).
    for (let more = 0; ; more += 1) {
      if (at >= limit || more === 3) throw malformed('unreadable tag number');
      const octet = bytes[at++];
      // Numbers under 31 have their short form alone, and none starts with zeros (X.690 §8.1.2.2, §8.1.2.4.2).
      if (more === 0 && (octet < 0x1f || octet === 0x80))
        throw malformed('tag number is not in its shortest form');
      tag = tag * 0x100 + octet;
      if ((octet & 0x80) === 0) break;
    }
  }
  if (at >= limit) throw malformed('unexpected end of input in a length');
  const first = bytes[at++];
  if (first === 0x80) return readIndefinite(bytes, { start, contentStart: at, limit, tag, rules, depth });
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4 || at + count > limit) throw malformed('length is longer than the input');
    length = bytes.readUIntBE(at, count);
    if (rules === 'der' && (length < 0x80 || bytes[at] === 0))
      throw malformed('length is not in its shortest form');
    at += count;
  }
  const end = at + length;
  if (end > limit) throw malformed(`element of ${length} octets, ${limit - at} are left`);
  return new FoundElement(bytes, tag, start, at, end, end, depth);
}

function readIndefinite(
  bytes: Buffer,
  found: {
    start: number;
    contentStart: number;
    limit: number;
    tag: number;
    rules: EncodingRules;
    depth: number;
  },
): FoundElement {
  const { start, contentStart, limit, tag, rules, depth } = found;
  if (rules === 'der') throw malformed('indefinite length');
  if ((leadingOctet(tag) & CONSTRUCTED) === 0) throw malformed('indefinite length of a primitive');
  if (depth > DEPTH_MAX) throw malformed(`nesting deeper than ${DEPTH_MAX}`);
  let at = contentStart;
  for (;;) {
    if (at + 2 > limit) throw malformed('missing end-of-contents');
    if (bytes[at] === 0 && bytes[at + 1] === 0) break;
    at = readElement(bytes, at, limit, rules, depth + 1).end;
  }
  return new FoundElement(bytes, tag, start, contentStart, at, at + 2, depth);
}

function leadingOctet(tag: number): number {
  let octet = tag;
  while (octet > 0xff) octet = Math.floor(octet / 0x100);
  return octet;
}

function malformed(detail: string): PkiError {
  return new PkiError('der-malformed', detail);
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
