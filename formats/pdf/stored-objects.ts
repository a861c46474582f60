import { decodeStream } from './decode-stream.ts';
import { readIndirectObject } from './indirect-object.ts';
import type { IndirectObject } from './indirect-object.ts';
import { ObjectStream } from './object-stream.ts';
import type { PdfDictionary, PdfStream } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { streamData } from './stream-data.ts';

/** Objects by where they stand in the file: read once, whatever revisions they belong to, so that the same place is the same value. */
export class StoredObjects {
  readonly bytes: Buffer;
  readonly #budget: ReadingBudget;
  readonly #plain = new Map<number, IndirectObject>();
  readonly #decoded = new Map<number, Buffer>();
  readonly #streams = new Map<number, ObjectStream>();

  constructor(bytes: Buffer, budget: ReadingBudget) {
    this.bytes = bytes;
    this.#budget = budget;
  }

  at(offset: number): IndirectObject {
    const known = this.#plain.get(offset);
    if (known) return known;
    const object = readIndirectObject(this.bytes, offset, this.#budget);
    this.#plain.set(offset, object);
    return object;
  }

  /** The object stream whose data are these octets. */
  objectStream({ dictionary, dataStart }: PdfStream, length: number | undefined): ObjectStream {
    const known = this.#streams.get(dataStart);
    if (known) return known;
    const stream = new ObjectStream(dictionary, this.decoded(dictionary, dataStart, length), this.#budget);
    this.#streams.set(dataStart, stream);
    return stream;
  }

  /** Data without its filter, out of the file's budget. */
  decoded(dictionary: PdfDictionary, dataStart: number, length: number | undefined): Buffer {
    const known = this.#decoded.get(dataStart);
    if (known) return known;
    const data = decodeStream(dictionary, streamData(this.bytes, dataStart, length), this.#budget);
    this.#decoded.set(dataStart, data);
    return data;
  }
}
