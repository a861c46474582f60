import { FormatError } from '../format-error.ts';
import type { PdfDictionary } from './pdf-value.ts';

const ENDSTREAM = /^\s*endstream/;

/** Stored data of a stream: as long as its dictionary says, with the keyword after it (ISO 32000-1 §7.3.8). */
export function streamData(bytes: Buffer, dataStart: number, length: number | undefined): Buffer {
  const end = length === undefined ? Infinity : dataStart + length;
  if (end > bytes.length || !ENDSTREAM.test(bytes.toString('latin1', end, end + 16)))
    throw new FormatError('pdf-malformed', `at octet ${dataStart}: a stream does not end where it says`);
  return bytes.subarray(dataStart, end);
}

/** The length where the dictionary says it itself and names no other object. */
export function directLength(dictionary: PdfDictionary): number | undefined {
  const length = dictionary.get('Length');
  return typeof length === 'number' && Number.isSafeInteger(length) && length >= 0 ? length : undefined;
}
