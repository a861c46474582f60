/** A name (ISO 32000-1 §7.3.5) with its #xx escapes undone, octets as Latin-1. */
export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class PdfString {
  readonly bytes: Buffer;
  /** Written in hexadecimal digits. */
  readonly hexadecimal: boolean;
  /** Offset in the file of its first delimiter; undefined within an object stream, or before it is written. */
  readonly start: number | undefined;
  /** Offset after its last delimiter. */
  readonly end: number | undefined;

  constructor(bytes: Buffer, hexadecimal = false, place?: { start: number; end: number }) {
    this.bytes = bytes;
    this.hexadecimal = hexadecimal;
    this.start = place?.start;
    this.end = place?.end;
  }
}

/** An indirect reference (§7.3.10). */
export class PdfReference {
  readonly number: number;
  readonly generation: number;
  constructor(number: number, generation = 0) {
    this.number = number;
    this.generation = generation;
  }
}

export class PdfDictionary {
  readonly entries: ReadonlyMap<string, PdfValue>;
  /** A key stands in it twice: readers disagree on which of them counts. */
  readonly repeatsKeys: boolean;

  constructor(entries: ReadonlyMap<string, PdfValue>, repeatsKeys = false) {
    this.entries = entries;
    this.repeatsKeys = repeatsKeys;
  }

  get(key: string): PdfValue {
    return this.entries.get(key) ?? null;
  }

  /** The same with some entries replaced or, where null, left out. */
  with(changes: Readonly<Record<string, PdfValue>>): PdfDictionary {
    const entries = new Map(this.entries);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    }
    return new PdfDictionary(entries);
  }
}

/** A stream (§7.3.8); where its data ends, its dictionary's Length says, which may be another object. */
export class PdfStream {
  readonly dictionary: PdfDictionary;
  /** Offset in the file of the first octet of its data. */
  readonly dataStart: number;
  constructor(dictionary: PdfDictionary, dataStart: number) {
    this.dictionary = dictionary;
    this.dataStart = dataStart;
  }
}

export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfReference
  | PdfDictionary
  | PdfStream
  | readonly PdfValue[];

/** `{ Type: name('Sig') }` as a dictionary. */
export function dictionaryOf(entries: Readonly<Record<string, PdfValue>>): PdfDictionary {
  return new PdfDictionary(new Map(Object.entries(entries)));
}

export function isArray(value: PdfValue): value is readonly PdfValue[] {
  return Array.isArray(value);
}

export function isName(value: PdfValue, name: string): boolean {
  return value instanceof PdfName && value.name === name;
}

/** The dictionary of a value that is one, or a stream. */
export function dictionaryIn(value: PdfValue): PdfDictionary | undefined {
  if (value instanceof PdfDictionary) return value;
  return value instanceof PdfStream ? value.dictionary : undefined;
}
