import { FormatError } from '../format-error.ts';
import { REGULAR, WHITE_SPACE, classOf, hexadecimalDigit, isDigit } from './octet-class.ts';
import { PdfDictionary, PdfName, PdfReference, PdfString } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { readLiteralString } from './literal-string.ts';

/** Arrays and dictionaries within each other without a reference in between; writers nest a dozen. */
const DEPTH_MAX = 100;

/** Longer runs of regular characters are no number and no keyword. */
const TOKEN_OCTETS_MAX = 64;

const OPEN_ANGLE = 0x3c;
const CLOSE_ANGLE = 0x3e;

/** Reads values (ISO 32000-1 §7.3) front to back; throws FormatError `pdf-malformed`. */
export class ValueReader {
  readonly #bytes: Buffer;
  readonly #budget: ReadingBudget;
  /** Whether offsets are those of the file. */
  readonly #inFile: boolean;
  at: number;

  constructor(bytes: Buffer, at: number, budget: ReadingBudget, inFile = true) {
    this.#bytes = bytes;
    this.#budget = budget;
    this.#inFile = inFile;
    this.at = at;
  }

  readValue(depth = 0): PdfValue {
    if (depth > DEPTH_MAX) throw this.#malformed(`nested deeper than ${DEPTH_MAX}`);
    this.#budget.spendValue();
    this.skipSpace();
    const octet = this.#peek();
    switch (octet) {
      case 0x2f:
        return this.#readName();
      case 0x28:
        return this.#readLiteral();
      case 0x5b:
        return this.#readArray(depth);
      case OPEN_ANGLE:
        return this.#bytes[this.at + 1] === OPEN_ANGLE
          ? this.#readDictionary(depth)
          : this.#readHexadecimal();
      default:
        return isDigit(octet) ? this.#readNumberOrReference() : this.#readWord();
    }
  }

  /** Passes over white space and comments. */
  skipSpace(): void {
    for (; this.at < this.#bytes.length; this.at += 1) {
      const octet = this.#bytes[this.at];
      if (octet === 0x25) this.#skipComment();
      else if (classOf(octet) !== WHITE_SPACE) return;
    }
  }

  /** Passes over a keyword; false, and nothing passed, where something else stands. */
  takeKeyword(word: string): boolean {
    this.skipSpace();
    const end = this.at + word.length;
    if (this.#bytes.toString('latin1', this.at, end) !== word) return false;
    if (end < this.#bytes.length && classOf(this.#bytes[end]) === REGULAR) return false;
    this.at = end;
    return true;
  }

  /** A number without sign or fraction, at most 2^53. */
  readCount(): number {
    this.skipSpace();
    const count = this.#countAhead();
    if (count === undefined) throw this.#malformed('a number is missing');
    return count;
  }

  #skipComment(): void {
    while (this.at + 1 < this.#bytes.length) {
      const next = this.#bytes[this.at + 1];
      if (next === 0x0a || next === 0x0d) return;
      this.at += 1;
    }
  }

  #readName(): PdfName {
    const start = (this.at += 1);
    let escaped = false;
    while (this.at < this.#bytes.length && classOf(this.#bytes[this.at]) === REGULAR) {
      escaped ||= this.#bytes[this.at] === 0x23;
      this.at += 1;
    }
    const name = this.#bytes.toString('latin1', start, this.at);
    return new PdfName(escaped ? withoutEscapes(name) : name);
  }

  #readLiteral(): PdfString {
    const start = this.at;
    const { bytes, end } = readLiteralString(this.#bytes, start);
    this.at = end;
    return new PdfString(bytes, false, this.#inFile ? { start, end } : undefined);
  }

  #readHexadecimal(): PdfString {
    const start = this.at;
    const close = this.#bytes.indexOf(CLOSE_ANGLE, start);
    if (close < 0) throw this.#malformed('a string has no end');
    const bytes = Buffer.alloc((close - start) >> 1);
    let digits = 0;
    for (let at = start + 1; at < close; at += 1) {
      const octet = this.#bytes[at];
      if (classOf(octet) === WHITE_SPACE) continue;
      const digit = hexadecimalDigit(octet);
      if (digit < 0) throw this.#malformed('a string has other than hexadecimal digits');
      bytes[digits >> 1] |= digits % 2 === 0 ? digit << 4 : digit;
      digits += 1;
    }
    const end = (this.at = close + 1);
    const place = this.#inFile ? { start, end } : undefined;
    return new PdfString(bytes.subarray(0, (digits + 1) >> 1), true, place);
  }

  #readArray(depth: number): readonly PdfValue[] {
    this.at += 1;
    const values: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.#peek() === 0x5d) break;
      values.push(this.readValue(depth + 1));
    }
    this.at += 1;
    return values;
  }

  #readDictionary(depth: number): PdfDictionary {
    this.at += 2;
    const entries = new Map<string, PdfValue>();
    let repeatsKeys = false;
    for (;;) {
      this.skipSpace();
      const octet = this.#peek();
      if (octet === CLOSE_ANGLE && this.#bytes[this.at + 1] === CLOSE_ANGLE) break;
      if (octet !== 0x2f) throw this.#malformed('a key of a dictionary is no name');
      const { name } = this.#readName();
      repeatsKeys ||= entries.has(name);
      entries.set(name, this.readValue(depth + 1));
    }
    this.at += 2;
    return new PdfDictionary(entries, repeatsKeys);
  }

  #readNumberOrReference(): PdfValue {
    const start = this.at;
    const number = this.#countAhead();
    if (number === undefined) return this.#readWord();
    const end = this.at;
    this.skipSpace();
    const generation = this.at > end ? this.#countAhead() : undefined;
    if (generation !== undefined && this.takeKeyword('R')) return new PdfReference(number, generation);
    this.at = end;
    if (this.at === start) throw this.#malformed('a number is missing');
    return number;
  }

  /** Digits that end where a number ends; undefined, and nothing passed, where they do not. */
  #countAhead(): number | undefined {
    let at = this.at;
    let value = 0;
    while (at < this.#bytes.length && isDigit(this.#bytes[at])) {
      value = value * 10 + this.#bytes[at] - 0x30;
      at += 1;
    }
    const bounded = at < this.#bytes.length && classOf(this.#bytes[at]) === REGULAR;
    if (at === this.at || bounded || !Number.isSafeInteger(value)) return undefined;
    this.at = at;
    return value;
  }

  #readWord(): PdfValue {
    const start = this.at;
    while (this.at < this.#bytes.length && classOf(this.#bytes[this.at]) === REGULAR) this.at += 1;
    if (this.at - start <= TOKEN_OCTETS_MAX) {
      const word = this.#bytes.toString('latin1', start, this.at);
      if (WORDS.has(word)) return WORDS.get(word) ?? null;
      if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) return Number(word);
    }
    throw this.#malformed('neither a value nor a number', start);
  }

  #peek(): number {
    if (this.at >= this.#bytes.length) throw this.#malformed('a value has no end');
    return this.#bytes[this.at];
  }

  #malformed(detail: string, at = this.at): FormatError {
    return new FormatError('pdf-malformed', `at octet ${at}: ${detail}`);
  }
}

const WORDS = new Map<string, PdfValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function withoutEscapes(name: string): string {
  return name.replaceAll(/#([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}
