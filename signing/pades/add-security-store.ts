import { deflateSync } from 'node:zlib';

import { IncrementalUpdate } from '../../formats/pdf/incremental-update.ts';
import type { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfName, PdfReference, PdfStream, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import type { PdfValue } from '../../formats/pdf/pdf-value.ts';
import type { PdfView } from '../../formats/pdf/pdf-view.ts';
import { FormatError } from '../../formats/format-error.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { ValidationMaterial } from '../signature-level.ts';
import type { SignedPart } from './signed-document.ts';

/** Kinds of material: their names in the store and in an entry for one signature (ETSI EN 319 142-1 §5.4.2). */
const KINDS = [
  { material: 'certificates', whole: 'Certs', single: 'Cert' },
  { material: 'crls', whole: 'CRLs', single: 'CRL' },
  { material: 'ocspResponses', whole: 'OCSPs', single: 'OCSP' },
] as const;

/**
 * Adds a revision whose document security store has the material, beside what was in it, and an entry for each of the parts.
 */
export function addSecurityStore(
  file: PdfFile,
  parts: readonly SignedPart[],
  material: ValidationMaterial,
): Buffer {
  const view = file.newest();
  const update = new IncrementalUpdate(file);
  const place = view.catalog.get('DSS');
  const store = view.dictionary(place) ?? dictionaryOf({});
  const values = new StoreValues(view, update);
  const lists = KINDS.map((kind) => ({
    ...kind,
    references: material[kind.material].map((bytes) =>
      values.referenceTo(bytes, view.array(store.get(kind.whole))),
    ),
  }));
  const entries = view.dictionary(store.get('VRI')) ?? dictionaryOf({});
  const names = parts.map(({ contents }) => entryName(contents));
  const entry = dictionaryOf({}).with(
    Object.fromEntries(
      lists.map(({ single, references }) => [single, references.length > 0 ? references : null]),
    ),
  );
  const changed = store.with({
    ...Object.fromEntries(
      lists.map(({ whole, references }) => [whole, joined(view.array(store.get(whole)), references)]),
    ),
    VRI: entries.with(Object.fromEntries(names.map((name) => [name, entry]))),
  });
  const root = view.trailer.get('Root') as PdfReference;
  if (place instanceof PdfReference) update.replace(place, changed);
  else update.replace(root, view.catalog.with({ DSS: update.add(changed) }));
  return update.write().bytes;
}

/** §5.4.2.3: SHA-1 of the value of Contents, as a name and no protection. */
export function entryName(contents: Buffer): string {
  return digest('sha1', contents).toString('hex').toUpperCase();
}

function joined(existing: readonly PdfValue[], references: readonly PdfReference[]): PdfValue {
  const numbers = new Set(existing.flatMap((value) => (value instanceof PdfReference ? value.number : [])));
  const all = [...existing, ...references.filter(({ number }) => !numbers.has(number))];
  return all.length > 0 ? all : null;
}

/** Streams of a store, each value once. */
class StoreValues {
  readonly #view: PdfView;
  readonly #update: IncrementalUpdate;
  readonly #known = new Map<string, PdfReference>();
  readonly #read = new Set<number>();

  constructor(view: PdfView, update: IncrementalUpdate) {
    this.#view = view;
    this.#update = update;
  }

  /** The stream with this value, among those that are there or have been added, or a new one. */
  referenceTo(bytes: Buffer, existing: readonly PdfValue[]): PdfReference {
    for (const value of existing) this.#learn(value);
    const key = digest('sha256', bytes).toString('hex');
    const known = this.#known.get(key);
    if (known) return known;
    const reference = this.#update.addStream(
      dictionaryOf({ Filter: new PdfName('FlateDecode') }),
      deflateSync(bytes),
    );
    this.#known.set(key, reference);
    return reference;
  }

  #learn(value: PdfValue): void {
    if (!(value instanceof PdfReference) || this.#read.has(value.number)) return;
    this.#read.add(value.number);
    const stream = this.#view.resolve(value);
    if (!(stream instanceof PdfStream)) return;
    try {
      this.#known.set(digest('sha256', this.#view.decodedData(stream)).toString('hex'), value);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
}
