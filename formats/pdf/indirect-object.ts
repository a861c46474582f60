import { FormatError } from '../format-error.ts';
import { PdfDictionary, PdfStream } from './pdf-value.ts';
import type { PdfValue } from './pdf-value.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { ValueReader } from './value-reader.ts';

/** An object as it stands in the file (ISO 32000-1 §7.3.10). */
export interface IndirectObject {
  number: number;
  generation: number;
  value: PdfValue;
}

/** Reads `12 0 obj …`; throws FormatError `pdf-malformed`. */
export function readIndirectObject(bytes: Buffer, offset: number, budget: ReadingBudget): IndirectObject {
  assertBeginsAt(bytes, offset);
  const reader = new ValueReader(bytes, offset, budget);
  try {
    const number = reader.readCount();
    const generation = reader.readCount();
    if (!reader.takeKeyword('obj'))
      throw new FormatError('pdf-malformed', `no object begins at octet ${offset}`);
    const value = reader.readValue();
    return { number, generation, value: withData(bytes, value, reader) };
  } finally {
    budget.spendOctets(reader.at - offset);
  }
}

function withData(bytes: Buffer, value: PdfValue, reader: ValueReader): PdfValue {
  if (!(value instanceof PdfDictionary) || !reader.takeKeyword('stream')) return value;
  // §7.3.8.1: the line ends with LF, or CR and LF.
  const lineEnd = bytes[reader.at] === 0x0d ? 2 : 1;
  return new PdfStream(value, reader.at + lineEnd);
}

const PERCENT = 0x25;

/** Something begins there: some readers pass over a comment to find it, and others look for the object elsewhere. */
export function assertBeginsAt(bytes: Buffer, offset: number): void {
  if (offset >= bytes.length || bytes[offset] === PERCENT)
    throw new FormatError('pdf-malformed', `nothing begins at octet ${offset}`);
}
