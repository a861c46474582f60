import { FormatError } from '../format-error.ts';
import type { IndirectObject } from './indirect-object.ts';
import type { PdfDictionary } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { ValueReader } from './value-reader.ts';

/** Writers put a hundred or two into each. */
const OBJECTS_MAX = 100_000;

/** The objects of an object stream (ISO 32000-1 §7.5.7), each read when it is asked for. */
export class ObjectStream {
  readonly #data: Buffer;
  readonly #budget: ReadingBudget;
  readonly #places: { number: number; offset: number }[];
  readonly #read = new Map<number, IndirectObject>();

  constructor(dictionary: PdfDictionary, data: Buffer, budget: ReadingBudget) {
    const [count, first] = [dictionary.get('N'), dictionary.get('First')];
    if (typeof count !== 'number' || typeof first !== 'number' || count > OBJECTS_MAX || first < 0)
      throw new FormatError('pdf-malformed', 'an object stream does not say what is in it');
    this.#data = data;
    this.#budget = budget;
    const reader = new ValueReader(data, 0, budget, false);
    this.#places = [];
    while (this.#places.length < count) {
      const number = reader.readCount();
      this.#places.push({ number, offset: first + reader.readCount() });
    }
  }

  /** Throws FormatError `pdf-malformed`. */
  objectAt(index: number): IndirectObject {
    const known = this.#read.get(index);
    if (known) return known;
    const place = this.#places.at(index);
    if (!place) throw new FormatError('pdf-malformed', `an object stream has no object ${index}`);
    const reader = new ValueReader(this.#data, place.offset, this.#budget, false);
    const object = { number: place.number, generation: 0, value: reader.readValue() };
    this.#budget.spendOctets(reader.at - place.offset);
    this.#read.set(index, object);
    return object;
  }
}
