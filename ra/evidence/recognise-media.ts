import { crc32 } from 'node:zlib';

import { RaError } from '../ra-error.ts';
import type { Evidence, MediaType } from './evidence.ts';
import { hiddenObjects, withoutNameEscapes } from './pdf-object-streams.ts';

// Content says what it is; neither its name nor what the sender calls it is believed. Each format is read to its end, so that
// nothing hangs behind it that another program would take for something else.

/** The type of a file, or RaError `evidence-type` or `evidence-active-content`. */
export function recogniseMedia(content: Buffer): MediaType {
  for (const { mediaType, signature, isWhole } of FORMATS) {
    if (!content.subarray(0, signature.length).equals(signature)) continue;
    if (isWhole(content)) return mediaType;
    throw new RaError('evidence-type', `it begins as ${mediaType} and does not end as one`);
  }
  throw new RaError('evidence-type', 'accepted are PDF, JPEG and PNG, told by their content');
}

interface Format {
  mediaType: MediaType;
  signature: Buffer;
  isWhole(content: Buffer): boolean;
}

const FORMATS: readonly Format[] = [
  { mediaType: 'application/pdf', signature: Buffer.from('%PDF-'), isWhole: isWholePdf },
  { mediaType: 'image/png', signature: Buffer.from('89504e470d0a1a0a', 'hex'), isWhole: isWholePng },
  { mediaType: 'image/jpeg', signature: Buffer.from('ffd8ff', 'hex'), isWhole: isWholeJpeg },
];

/** An object that is encoded in DER. */
const DER_SEQUENCE = Buffer.from([0x30]);

/** Whether what is kept begins as its type does: what was let in once is not judged again by the rules of today. */
export function beginsAs(content: Buffer, mediaType: Evidence['mediaType']): boolean {
  const format = FORMATS.find((one) => one.mediaType === mediaType);
  const { signature } = format ?? { signature: DER_SEQUENCE };
  return content.subarray(0, signature.length).equals(signature);
}

/** ISO 32000-1 §7.5.5: the last line; readers look for it among the last 1024 octets. */
const PDF_TRAILER_OCTETS = 1024;

/** Names of a PDF that make it do something (ISO 32000-1 §12.6.4, §7.11.4). */
const PDF_ACTIVE = /\/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b/;

function isWholePdf(content: Buffer): boolean {
  const text = withoutNameEscapes(content.toString('latin1'));
  const hidden = hiddenObjects(text, content);
  if (hidden.fault !== undefined)
    throw new RaError('evidence-active-content', `${hidden.fault}: print the PDF anew`);
  const active = PDF_ACTIVE.exec(text) ?? PDF_ACTIVE.exec(withoutNameEscapes(hidden.text));
  if (active) throw new RaError('evidence-active-content', `the PDF has ${active[0]}: print it anew`);
  return content.subarray(-PDF_TRAILER_OCTETS).includes('%%EOF');
}

/** PNG §5: chunks of length, type, data and CRC, from IHDR to IEND, and nothing after. */
function isWholePng(content: Buffer): boolean {
  let at = 8;
  let isFirst = true;
  while (at + 12 <= content.length) {
    const length = content.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > content.length) return false;
    const type = content.toString('latin1', at + 4, at + 8);
    if (isFirst !== (type === 'IHDR')) return false;
    if (checksum(content.subarray(at + 4, end - 4)) !== content.readUInt32BE(end - 4)) return false;
    if (type === 'IEND') return end === content.length;
    isFirst = false;
    at = end;
  }
  return false;
}

/** ITU-T T.81 annex B: segments up to the scan, and the end of image as the last thing there is. */
function isWholeJpeg(content: Buffer): boolean {
  if (!content.subarray(-2).equals(Buffer.from('ffd9', 'hex'))) return false;
  let at = 2;
  while (at + 4 <= content.length) {
    if (content[at] !== 0xff) return false;
    const marker = content[at + 1];
    if (marker === 0xda) return true;
    // Fill octets; markers without a length do not stand before the scan.
    if (marker === 0xff) at += 1;
    else at += 2 + content.readUInt16BE(at + 2);
  }
  return false;
}

function checksum(octets: Buffer): number {
  return crc32(octets);
}
