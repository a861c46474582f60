import { FormatError } from '../format-error.ts';
import { assertBeginsAt } from './indirect-object.ts';
import { readCrossReferenceStream } from './cross-reference-stream.ts';
import { readCrossReferenceTable } from './cross-reference-table.ts';
import { ENTRIES_MAX, addEntry } from './cross-reference.ts';
import type { CrossReference, CrossReferenceSection } from './cross-reference.ts';
import type { PdfDictionary } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { ValueReader } from './value-reader.ts';

/** Each save of an interactive program adds one; the file has to be saved over and over to come near. */
const SECTIONS_MAX = 256;

/** Follows the chain of sections from the newest on; throws FormatError `pdf-malformed` or `pdf-encrypted`. */
export function readSections(
  bytes: Buffer,
  newestOffset: number,
  budget: ReadingBudget,
): CrossReferenceSection[] {
  const sections: CrossReferenceSection[] = [];
  const visited = new Set<number>();
  let entries = 0;
  for (let offset: number | undefined = newestOffset; offset !== undefined;) {
    if (visited.has(offset)) throw malformed('the cross-reference sections go round in a circle');
    if (sections.length === SECTIONS_MAX) throw malformed(`more than ${SECTIONS_MAX} revisions`);
    visited.add(offset);
    const section = readSection(bytes, offset, budget);
    entries += section.entries.size;
    if (entries > ENTRIES_MAX) throw malformed(`more than ${ENTRIES_MAX} objects`);
    sections.push(section);
    offset = offsetIn(section.trailer, 'Prev');
  }
  return sections;
}

function readSection(bytes: Buffer, offset: number, budget: ReadingBudget): CrossReferenceSection {
  assertBeginsAt(bytes, offset);
  const reader = new ValueReader(bytes, offset, budget);
  const isTable = reader.takeKeyword('xref');
  const section = isTable
    ? readCrossReferenceTable(reader, offset)
    : readCrossReferenceStream(bytes, offset, budget);
  if (section.trailer.repeatsKeys) throw malformed('a key of the trailer stands twice');
  if (section.trailer.get('Encrypt') !== null)
    throw new FormatError('pdf-encrypted', 'the document is encrypted');
  const hidden = isTable ? offsetIn(section.trailer, 'XRefStm') : undefined;
  if (hidden === undefined) return section;
  const stream = readCrossReferenceStream(bytes, hidden, budget);
  return {
    ...section,
    entries: hybridEntries(section.entries, stream.entries),
    end: Math.max(section.end, stream.end),
  };
}

/** §7.5.8.4: what the table has as free, or not at all, the stream has; elsewhere they must agree. */
function hybridEntries(
  table: ReadonlyMap<number, CrossReference>,
  stream: ReadonlyMap<number, CrossReference>,
): ReadonlyMap<number, CrossReference> {
  const entries = new Map(table);
  for (const [number, entry] of stream) {
    if (entries.get(number)?.kind === 'free') entries.set(number, entry);
    else if (entry.kind !== 'free') addEntry(entries, number, entry);
  }
  return entries;
}

function offsetIn(trailer: PdfDictionary, key: string): number | undefined {
  const value = trailer.get(key);
  if (value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw malformed(`the trailer's ${key} is no offset`);
  return value;
}

function malformed(detail: string): FormatError {
  return new FormatError('pdf-malformed', detail);
}
