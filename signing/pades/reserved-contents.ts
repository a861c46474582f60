import { SigningError } from '../signing-error.ts';

/** A revision whose signature has yet to come: its octets are fixed, but for those of Contents. */
export interface ReservedContents {
  document: Buffer;
  /** Offsets of the hexadecimal string with its angle brackets; they are what ByteRange leaves out. */
  start: number;
  end: number;
}

/** Counts of ByteRange are written over these, which have as many digits as any. */
export const BYTE_RANGE_PLACEHOLDER = [0, 9_999_999_999, 9_999_999_999, 9_999_999_999];

const BYTE_RANGE = '/ByteRange [';
const CONTENTS = '/Contents <';

/** Finds the place of the signature that begins at the offset, and writes its ByteRange up to the end of the document. */
export function reserveContents(document: Buffer, signatureOffset: number): ReservedContents {
  const start = document.indexOf(CONTENTS, signatureOffset, 'latin1') + CONTENTS.length - 1;
  const end = document.indexOf('>', start, 'latin1') + 1;
  const rangeStart = document.indexOf(BYTE_RANGE, signatureOffset, 'latin1') + BYTE_RANGE.length;
  const rangeEnd = document.indexOf(']', rangeStart, 'latin1');
  const counts = `0 ${start} ${end} ${document.length - end}`;
  document.write(counts.padEnd(rangeEnd - rangeStart), rangeStart, 'latin1');
  return { document, start, end };
}

/** What a signature covers: everything before Contents, and everything after. */
export function coveredParts({ document, start, end }: ReservedContents): [Buffer, Buffer] {
  return [document.subarray(0, start), document.subarray(end)];
}

/** The document with the value in its place, followed by zeros; throws SigningError `signature-too-large`. */
export function fillContents({ document, start, end }: ReservedContents, value: Uint8Array): Buffer {
  const octets = (end - start - 2) / 2;
  if (value.length > octets)
    throw new SigningError('signature-too-large', `${value.length} octets, ${octets} were reserved`);
  const filled = Buffer.from(document);
  filled.write(
    Buffer.from(value)
      .toString('hex')
      .padEnd(octets * 2, '0'),
    start + 1,
    'latin1',
  );
  return filled;
}
