import { asBuffer, Cursor } from '../der/decode.ts';
import type { Element } from '../der/decode.ts';
import { CONSTRUCTED, TAG } from '../der/tag.ts';
import { PkiError } from '../pki-error.ts';

// Signers stream: lengths may be unknown when they are written. Cursor measures an indefinite element before it opens it,
// which costs a pass over everything at each level; here a level is entered at once and its end found on the way.

/** The levels of SignedData above its values are nine; constructed strings nest a few more. */
const LEVELS_MAX = 64;

/** Signers cut their content into 1,000 or 4,096 octets: this many segments hold every size that we read. */
const SEGMENTS_MAX = 100_000;

const INDEFINITE = -1;

interface Level {
  /** Where the contents end at the latest. */
  limit: number;
  /** They end at the end-of-contents octets (X.690 §8.1.5), else at the limit. */
  indefinite: boolean;
}

/** Reads BER front to back in one pass; throws PkiError `der-malformed`. Views into the input, nothing is copied. */
export class BerReader {
  readonly #bytes: Buffer;
  readonly #levels: Level[];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = asBuffer(bytes);
    this.#levels = [{ limit: this.#bytes.length, indefinite: false }];
  }

  /** Octets after what was read, at any level. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** First identifier octet of the next element on this level, or -1 when the level is at its end. */
  peek(): number {
    const { limit, indefinite } = this.#level;
    if (this.#at >= limit) {
      if (indefinite) throw malformed('missing end-of-contents');
      return -1;
    }
    const ended = indefinite && this.#at + 2 <= limit && this.#bytes.readUInt16BE(this.#at) === 0;
    return ended ? -1 : this.#bytes[this.#at];
  }

  /** Opens a constructed element with a one-octet tag. */
  enter(tag: number): void {
    if (this.peek() !== tag)
      throw malformed(`expected tag 0x${tag.toString(16)}, found ${describe(this.peek())}`);
    if (this.#levels.length > LEVELS_MAX) throw malformed(`nesting deeper than ${LEVELS_MAX}`);
    this.#at += 1;
    const { limit } = this.#level;
    const length = this.#readLength(limit);
    this.#levels.push(
      length === INDEFINITE ? { limit, indefinite: true } : { limit: this.#at + length, indefinite: false },
    );
  }

  enterOptional(tag: number): boolean {
    if (this.peek() !== tag) return false;
    this.enter(tag);
    return true;
  }

  /** Closes the element that was entered last; it must have been read to its end. */
  leave(): void {
    const next = this.peek();
    if (next !== -1) throw malformed(`unexpected tag ${describe(next)} before the end`);
    if (this.#level.indefinite) this.#at += 2;
    this.#levels.pop();
  }

  /** The next element whole, whatever is in it. */
  next(): Element {
    if (this.peek() === -1) throw malformed('unexpected end');
    const found = new Cursor(
      this.#bytes.subarray(this.#at, this.#level.limit),
      'ber',
      this.#levels.length - 1,
    ).next();
    this.#at += found.bytes.length;
    return found;
  }

  read(tag: number): Element {
    if (this.peek() !== tag)
      throw malformed(`expected tag 0x${tag.toString(16)}, found ${describe(this.peek())}`);
    return this.next();
  }

  readOptional(tag: number): Element | undefined {
    return this.peek() === tag ? this.next() : undefined;
  }

  /** OCTET STRING, or one that is retagged: a view when it is primitive, else its segments joined (X.690 §8.7.3). */
  readOctets(tag: number = TAG.octetString): Buffer {
    if (this.peek() === tag) return this.next().content;
    const segments: Buffer[] = [];
    const outside = this.#levels.length;
    this.enter(tag | CONSTRUCTED);
    let count = 0;
    while (this.#levels.length > outside) {
      if (++count > SEGMENTS_MAX) throw malformed(`more than ${SEGMENTS_MAX} segments`);
      const next = this.peek();
      if (next === -1) this.leave();
      else if (next === TAG.octetString) segments.push(this.next().content);
      else this.enter(TAG.octetString | CONSTRUCTED);
    }
    return segments.length === 1 ? segments[0] : Buffer.concat(segments);
  }

  get #level(): Level {
    return this.#levels[this.#levels.length - 1];
  }

  /** Length octets at the current position. */
  #readLength(limit: number): number {
    if (this.#at >= limit) throw malformed('unexpected end in a length');
    const first = this.#bytes[this.#at++];
    if (first === 0x80) return INDEFINITE;
    let length = first;
    if (first > 0x80) {
      const count = first & 0x7f;
      if (count > 4 || this.#at + count > limit) throw malformed('length is longer than the input');
      length = this.#bytes.readUIntBE(this.#at, count);
      this.#at += count;
    }
    if (this.#at + length > limit)
      throw malformed(`element of ${length} octets is longer than its surroundings`);
    return length;
  }
}

function describe(tag: number): string {
  return tag === -1 ? 'the end' : `0x${tag.toString(16).padStart(2, '0')}`;
}

function malformed(detail: string): PkiError {
  return new PkiError('der-malformed', detail);
}
