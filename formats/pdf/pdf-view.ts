import { FormatError } from '../format-error.ts';
import type { CrossReference } from './cross-reference.ts';
import type { CrossReferenceIndex } from './cross-reference-index.ts';
import type { IndirectObject } from './indirect-object.ts';
import { PdfDictionary, PdfReference, PdfStream, dictionaryIn, isArray } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';
import { directLength, streamData } from './stream-data.ts';
import type { StoredObjects } from './stored-objects.ts';

/** References to references: no writer makes one. */
const REFERENCES_MAX = 16;

/** A document as one of its revisions shows it. */
export class PdfView {
  /** Of the newest of its sections; others repeat it. */
  readonly trailer: PdfDictionary;
  /** Octets of the file that belong to it. */
  readonly end: number;
  readonly #objects: StoredObjects;
  readonly #index: CrossReferenceIndex;
  /** Index of the newest of its sections. */
  readonly #section: number;

  constructor(
    objects: StoredObjects,
    index: CrossReferenceIndex,
    place: { section: number; trailer: PdfDictionary; end: number },
  ) {
    this.#objects = objects;
    this.#index = index;
    this.#section = place.section;
    this.trailer = place.trailer;
    this.end = place.end;
  }

  /** The catalog (ISO 32000-1 §7.7.2); throws FormatError `pdf-malformed`. */
  get catalog(): PdfDictionary {
    const catalog = this.resolve(this.trailer.get('Root'));
    if (!(catalog instanceof PdfDictionary)) throw malformed('it has no catalog');
    return catalog;
  }

  /** The object of a number; undefined where there is none, which is the same as null (§7.3.10). */
  object(number: number): IndirectObject | undefined {
    const entry = this.#find(number);
    if (!entry || entry.kind === 'free') return undefined;
    const object = entry.kind === 'plain' ? this.#plainObject(entry.offset) : this.#objectInStream(entry);
    if (!object) return undefined;
    const generation = entry.kind === 'plain' ? entry.generation : 0;
    if (object.number !== number || object.generation !== generation)
      throw malformed(`object ${number} is not where the cross-references say`);
    return object;
  }

  /** The value itself, or the one that it refers to. */
  resolve(value: PdfValue): PdfValue {
    let resolved = value;
    for (let count = 0; resolved instanceof PdfReference; count += 1) {
      if (count === REFERENCES_MAX) throw malformed('a reference leads to a reference without end');
      const object = this.object(resolved.number);
      resolved = object && object.generation === resolved.generation ? object.value : null;
    }
    return resolved;
  }

  /** A dictionary, or that of a stream; undefined where there is neither. */
  dictionary(value: PdfValue): PdfDictionary | undefined {
    return dictionaryIn(this.resolve(value));
  }

  /** An array; empty where there is none. */
  array(value: PdfValue): readonly PdfValue[] {
    const resolved = this.resolve(value);
    return isArray(resolved) ? resolved : [];
  }

  /** The stored data of a stream, encoded as they are; throws FormatError `pdf-malformed`. */
  storedData(stream: PdfStream): Buffer {
    return streamData(this.#objects.bytes, stream.dataStart, this.#lengthOf(stream));
  }

  /** The data of a stream whose filter is FlateDecode or none; throws FormatError `pdf-malformed`. */
  decodedData(stream: PdfStream): Buffer {
    const filters = stream.dictionary.with({
      Filter: this.resolve(stream.dictionary.get('Filter')),
      DecodeParms: this.resolve(stream.dictionary.get('DecodeParms')),
    });
    return this.#objects.decoded(filters, stream.dataStart, this.#lengthOf(stream));
  }

  #find(number: number): CrossReference | undefined {
    return this.#index.find(number, this.#section);
  }

  #plainObject(offset: number): IndirectObject | undefined {
    return offset < this.end ? this.#objects.at(offset) : undefined;
  }

  #objectInStream({ stream, index }: { stream: number; index: number }): IndirectObject | undefined {
    const entry = this.#find(stream);
    // §7.5.7: a stream does not stand in another one; the entry also ends a circle.
    if (entry?.kind !== 'plain') throw malformed(`object stream ${stream} is missing`);
    const container = this.#plainObject(entry.offset);
    if (!container) return undefined;
    if (container.number !== stream || !(container.value instanceof PdfStream))
      throw malformed(`object ${stream} is no object stream`);
    return this.#objects.objectStream(container.value, this.#lengthOf(container.value)).objectAt(index);
  }

  #lengthOf({ dictionary }: PdfStream): number | undefined {
    const length = dictionary.get('Length');
    if (!(length instanceof PdfReference)) return directLength(dictionary);
    // The length of an object stream does not stand in that stream: a plain object, or none.
    const entry = this.#find(length.number);
    const value = entry?.kind === 'plain' ? this.#plainObject(entry.offset)?.value : null;
    return typeof value === 'number' && value >= 0 ? value : undefined;
  }
}

function malformed(detail: string): FormatError {
  return new FormatError('pdf-malformed', detail);
}
