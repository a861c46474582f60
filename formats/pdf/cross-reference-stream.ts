import { FormatError } from '../format-error.ts';
import { ENTRIES_MAX, addEntry } from './cross-reference.ts';
import type { CrossReference, CrossReferenceSection } from './cross-reference.ts';
import { decodeStream } from './decode-stream.ts';
import { readIndirectObject } from './indirect-object.ts';
import { PdfStream, isArray, isName } from './pdf-value.ts';
import type { PdfDictionary, PdfValue } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { directLength, streamData } from './stream-data.ts';

/** Octets of one field of an entry: offsets of files that we read have four. */
const FIELD_OCTETS_MAX = 6;

/** Reads a cross-reference stream (ISO 32000-1 §7.5.8). */
export function readCrossReferenceStream(
  bytes: Buffer,
  offset: number,
  budget: ReadingBudget,
): CrossReferenceSection {
  const { value } = readIndirectObject(bytes, offset, budget);
  if (!(value instanceof PdfStream) || !isName(value.dictionary.get('Type'), 'XRef'))
    throw new FormatError('pdf-malformed', `no cross-reference section at octet ${offset}`);
  const { dictionary, dataStart } = value;
  const stored = streamData(bytes, dataStart, directLength(dictionary));
  const entries = readEntries(dictionary, decodeStream(dictionary, stored, budget));
  return { form: 'stream', offset, end: dataStart + stored.length, entries, trailer: dictionary };
}

function readEntries(dictionary: PdfDictionary, data: Buffer): Map<number, CrossReference> {
  const widths = counts(dictionary.get('W'), 'W');
  if (widths.length !== 3 || widths.some((width) => width > FIELD_OCTETS_MAX))
    throw new FormatError('pdf-malformed', 'the fields of a cross-reference stream have no proper widths');
  const entryOctets = widths[0] + widths[1] + widths[2];
  const index = dictionary.get('Index');
  const ranges = index === null ? [0, ...counts([dictionary.get('Size')], 'Size')] : counts(index, 'Index');
  const entries = new Map<number, CrossReference>();
  let at = 0;
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    const [first, count] = [ranges[range], ranges[range + 1]];
    if (entries.size + count > ENTRIES_MAX || at + count * entryOctets > data.length || entryOctets === 0)
      throw new FormatError('pdf-malformed', 'a cross-reference stream has fewer entries than it says');
    for (let number = first; number < first + count; number += 1, at += entryOctets) {
      addEntry(entries, number, readEntry(data, at, widths));
    }
  }
  return entries;
}

function readEntry(data: Buffer, at: number, widths: readonly number[]): CrossReference {
  const [typeOctets, secondOctets, thirdOctets] = widths;
  const type = typeOctets === 0 ? 1 : data.readUIntBE(at, typeOctets);
  const second = secondOctets === 0 ? 0 : data.readUIntBE(at + typeOctets, secondOctets);
  const third = thirdOctets === 0 ? 0 : data.readUIntBE(at + typeOctets + secondOctets, thirdOctets);
  if (type === 0) return { kind: 'free' };
  if (type === 1) return { kind: 'plain', offset: second, generation: third };
  // §7.5.8.3: any other type is a reference to the null object.
  return type === 2 ? { kind: 'in-stream', stream: second, index: third } : { kind: 'free' };
}

function counts(value: PdfValue, key: string): number[] {
  const values = isArray(value) ? value : [];
  return values.map((count) => {
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
      throw new FormatError('pdf-malformed', `the ${key} of a cross-reference stream is no list of counts`);
    return count;
  });
}
