import type { PdfFile } from './pdf-file.ts';
import { isBlank } from './revisions.ts';
import type { PdfRevision } from './revisions.ts';
import type { SignatureDictionary } from './signature-dictionary.ts';

/** The octets that a signature covers: a whole revision but the hexadecimal string of its value. */
export interface SignedRange {
  revision: PdfRevision;
  end: number;
  /** The two parts, as views. */
  parts: readonly [Buffer, Buffer];
}

export type RangeResult = { range: SignedRange; fault?: undefined } | { range?: undefined; fault: string };

/**
 * Checks a ByteRange (ISO 32000-2 §12.8.1, ETSI EN 319 142-1 §6.3): it begins at octet 0, leaves out exactly the value of
 * Contents with its angle brackets, and ends where a revision ends. Anything else leaves room for octets that nobody signed.
 */
export function checkByteRange(file: PdfFile, signature: SignatureDictionary): RangeResult {
  const { byteRange, contents } = signature;
  const fault = faultOf(file.bytes, signature);
  if (fault || !contents) return { fault: fault ?? 'there is no Contents' };
  const [, , afterGap, length] = byteRange;
  const end = afterGap + length;
  const revision = file.revisions.find(
    (one) =>
      one.markerEnd <= end &&
      end <= one.markerEnd + END_OCTETS_MAX &&
      isBlank(file.bytes, one.markerEnd, end),
  );
  if (!revision) return { fault: `ByteRange ends at octet ${end}, where no revision of the document ends` };
  const parts = [file.bytes.subarray(0, byteRange[1]), file.bytes.subarray(afterGap, end)] as const;
  return { range: { revision, end, parts } };
}

/** White space after `%%EOF` that writers leave. */
const END_OCTETS_MAX = 4;

const HEXADECIMAL = /^<[0-9A-Fa-f]*>$/;

function faultOf(bytes: Buffer, signature: SignatureDictionary): string | undefined {
  const { byteRange, contents, repeatsKeys } = signature;
  if (repeatsKeys) return 'a key of the signature stands twice';
  if (!contents) return 'there is no Contents';
  if (contents.start === undefined || contents.end === undefined)
    return 'Contents stands in a compressed object, which ByteRange cannot leave out';
  if (byteRange.length !== 4 || !byteRange.every((count) => Number.isSafeInteger(count) && count >= 0))
    return `ByteRange [${byteRange.join(' ')}] is not four counts`;
  const [start, beforeGap, afterGap, length] = byteRange;
  if (start !== 0) return `ByteRange begins at octet ${start}`;
  if (beforeGap !== contents.start || afterGap !== contents.end)
    return `ByteRange leaves out octets ${beforeGap} to ${afterGap}, Contents has ${contents.start} to ${contents.end}`;
  if (afterGap + length > bytes.length) return 'ByteRange ends after the document';
  if (!HEXADECIMAL.test(bytes.toString('latin1', contents.start, contents.end)))
    return 'Contents is not one string of hexadecimal digits';
  return undefined;
}
