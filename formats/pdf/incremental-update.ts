import { createHash } from 'node:crypto';

import { FormatError } from '../format-error.ts';
import { PdfName, PdfReference, PdfString, dictionaryOf } from './pdf-value.ts';
import type { PdfDictionary, PdfValue } from './pdf-value.ts';
import type { PdfFile } from './pdf-file.ts';
import { encodeValue } from './write-value.ts';

/** ISO 32000-1 Annex C: readers do not go further. */
const OBJECT_NUMBER_MAX = 8_388_607;

/** Offsets in cross-reference streams; files that we read are smaller. */
const OFFSET_OCTETS = 4;

interface WrittenObject {
  reference: PdfReference;
  value: PdfValue;
  /** Data of a stream, whose dictionary is the value. */
  data?: Buffer;
}

/** A written update: the whole file, and where its objects begin. */
export interface UpdatedFile {
  bytes: Buffer;
  offsetOf(reference: PdfReference): number;
}

/**
 * A new revision of a file (ISO 32000-1 §7.5.6): objects are added or replaced, and not an octet of what is there is changed.
 * Its cross-reference section has the form of the one before, as §7.5.8.4 demands.
 */
export class IncrementalUpdate {
  readonly #file: PdfFile;
  readonly #objects = new Map<number, WrittenObject>();
  #nextNumber: number;

  constructor(file: PdfFile) {
    this.#file = file;
    const size = file.newest().trailer.get('Size');
    let next = typeof size === 'number' ? size : 1;
    for (const number of file.objectNumbers()) if (number >= next) next = number + 1;
    this.#nextNumber = next;
  }

  add(value: PdfValue): PdfReference {
    const reference = this.#newReference();
    this.replace(reference, value);
    return reference;
  }

  addStream(dictionary: PdfDictionary, data: Buffer): PdfReference {
    const reference = this.#newReference();
    const value = dictionary.with({ Length: data.length });
    this.#objects.set(reference.number, { reference, value, data });
    return reference;
  }

  replace(reference: PdfReference, value: PdfValue): void {
    this.#objects.set(reference.number, { reference, value });
  }

  write(): UpdatedFile {
    const { bytes } = this.#file;
    const parts: Buffer[] = [bytes];
    let length = bytes.length;
    const push = (part: Buffer) => {
      parts.push(part);
      length += part.length;
    };
    if (bytes.at(-1) !== 0x0a) push(Buffer.from('\n'));
    const offsets = new Map<number, number>();
    const objects = [...this.#objects.values()].sort((a, b) => a.reference.number - b.reference.number);
    for (const object of objects) {
      offsets.set(object.reference.number, length);
      push(encodeObject(object));
    }
    const sectionOffset = length;
    push(this.#encodeSection(objects, offsets, sectionOffset));
    push(Buffer.from(`startxref\n${sectionOffset}\n%%EOF\n`));
    return {
      bytes: Buffer.concat(parts),
      offsetOf: ({ number }) => offsets.get(number) ?? raise(`object ${number} was not written`),
    };
  }

  #encodeSection(
    objects: readonly WrittenObject[],
    offsets: ReadonlyMap<number, number>,
    sectionOffset: number,
  ): Buffer {
    const rows = objects.map(({ reference }) => ({
      ...reference,
      offset: offsets.get(reference.number) ?? raise(`object ${reference.number} was not written`),
    }));
    if (this.#file.sections[0].form === 'table') {
      return Buffer.concat([encodeTable(rows), encodeValue(this.#trailer(sectionOffset)), Buffer.from('\n')]);
    }
    const own = this.#newReference();
    const all = [...rows, { ...own, offset: sectionOffset }].sort((a, b) => a.number - b.number);
    const trailer = this.#trailer(sectionOffset);
    const { index, data } = encodeRows(all);
    const value = trailer.with({
      Type: new PdfName('XRef'),
      W: [1, OFFSET_OCTETS, 2],
      Index: index,
      Length: data.length,
    });
    return encodeObject({ reference: own, value, data });
  }

  /** What a trailer must repeat (§7.5.5), and the identifier of this revision (§14.4). */
  #trailer(sectionOffset: number): PdfDictionary {
    const { trailer } = this.#file.newest();
    const [permanent] = this.#file.newest().array(trailer.get('ID'));
    const changed = createHash('sha256').update(this.#file.bytes).update(String(sectionOffset)).digest();
    const identifier =
      permanent instanceof PdfString ? [permanent, hexadecimal(changed.subarray(0, 16))] : null;
    return dictionaryOf({ Size: this.#nextNumber }).with({
      Root: trailer.get('Root'),
      Info: trailer.get('Info'),
      ID: identifier,
      Prev: this.#file.sections[0].offset,
    });
  }

  #newReference(): PdfReference {
    if (this.#nextNumber > OBJECT_NUMBER_MAX)
      throw new FormatError('pdf-malformed', `it numbers objects beyond ${OBJECT_NUMBER_MAX}`);
    return new PdfReference(this.#nextNumber++);
  }
}

interface Row {
  number: number;
  generation: number;
  offset: number;
}

function encodeObject({ reference, value, data }: WrittenObject): Buffer {
  return Buffer.concat([
    Buffer.from(`${reference.number} ${reference.generation} obj\n`),
    encodeValue(value),
    ...(data ? [Buffer.from('\nstream\n'), data, Buffer.from('\nendstream')] : []),
    Buffer.from('\nendobj\n'),
  ]);
}

/** Entries have 20 octets each, their line end included (§7.5.4). */
function encodeTable(rows: readonly Row[]): Buffer {
  const lines = runsOf(rows).flatMap((run) => [
    `${run[0].number} ${run.length}\n`,
    ...run.map(
      ({ offset, generation }) =>
        `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`,
    ),
  ]);
  return Buffer.from(['xref\n', ...lines, 'trailer\n'].join(''));
}

function encodeRows(rows: readonly Row[]): { index: number[]; data: Buffer } {
  const data = Buffer.concat(
    rows.map(({ offset, generation }) => {
      const row = Buffer.from([1, 0, 0, 0, 0, 0, 0]);
      row.writeUIntBE(offset, 1, OFFSET_OCTETS);
      row.writeUInt16BE(generation, 1 + OFFSET_OCTETS);
      return row;
    }),
  );
  return { index: runsOf(rows).flatMap((run) => [run[0].number, run.length]), data };
}

/** Runs of numbers that follow each other. */
function runsOf(rows: readonly Row[]): Row[][] {
  const runs: Row[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[0].number + last.length === row.number) last.push(row);
    else runs.push([row]);
  }
  return runs;
}

function hexadecimal(bytes: Buffer): PdfString {
  return new PdfString(bytes, true);
}

function raise(message: string): never {
  throw new Error(message);
}
