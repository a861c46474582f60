import { FormatError } from '../format-error.ts';
import { ENTRIES_MAX, addEntry } from './cross-reference.ts';
import type { CrossReference, CrossReferenceSection } from './cross-reference.ts';
import { PdfDictionary } from './pdf-value.ts';
import type { ValueReader } from './value-reader.ts';

/** Reads subsections and trailer (ISO 32000-1 §7.5.4, §7.5.5) after the keyword `xref`. */
export function readCrossReferenceTable(reader: ValueReader, offset: number): CrossReferenceSection {
  const entries = new Map<number, CrossReference>();
  while (!reader.takeKeyword('trailer')) {
    const first = reader.readCount();
    const count = reader.readCount();
    if (entries.size + count > ENTRIES_MAX)
      throw new FormatError('pdf-malformed', `more than ${ENTRIES_MAX} objects`);
    for (let number = first; number < first + count; number += 1) {
      addEntry(entries, number, readEntry(reader));
    }
  }
  const trailer = reader.readValue();
  if (!(trailer instanceof PdfDictionary))
    throw new FormatError('pdf-malformed', 'the trailer is no dictionary');
  return { form: 'table', offset, end: reader.at, entries, trailer };
}

function readEntry(reader: ValueReader): CrossReference {
  const offset = reader.readCount();
  const generation = reader.readCount();
  if (reader.takeKeyword('n')) return { kind: 'plain', offset, generation };
  if (reader.takeKeyword('f')) return { kind: 'free' };
  throw new FormatError('pdf-malformed', `at octet ${reader.at}: an object is neither in use nor free`);
}
