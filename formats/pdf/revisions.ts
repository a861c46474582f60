import { FormatError } from '../format-error.ts';
import type { CrossReferenceSection } from './cross-reference.ts';
import { WHITE_SPACE, classOf } from './octet-class.ts';

/** What was written at one time: the octets up to `end` are the document as it was then. */
export interface PdfRevision {
  /** From 1. */
  number: number;
  section: CrossReferenceSection;
  /** Offset after `%%EOF`. */
  markerEnd: number;
  /** Offset after the end of that line. */
  end: number;
}

interface Marker {
  sectionOffset: number;
  at: number;
  end: number;
}

const STARTXREF = 'startxref';

/** The marker with its number and `%%EOF` (ISO 32000-1 §7.5.5); writers differ in white space. */
const MARKER = /^startxref\s{1,8}(\d{1,15})\s{1,8}%%EOF/;
const MARKER_OCTETS_MAX = 64;

/** Text that looks like a marker may stand in streams. */
const MARKERS_MAX = 10_000;

/** How far before its end a file may have its last marker: readers look into a kibibyte. */
const TAIL_OCTETS = 1024;

/** Offset of the section that counts; throws FormatError `pdf-malformed`. */
export function newestSectionOffset(bytes: Buffer): number {
  const at = bytes.lastIndexOf(STARTXREF, undefined, 'latin1');
  const marker = at >= 0 ? markerAt(bytes, at) : undefined;
  if (!marker || marker.end < bytes.length - TAIL_OCTETS)
    throw new FormatError('pdf-malformed', 'it does not end as a PDF');
  return marker.sectionOffset;
}

/**
 * Every save ends with a marker that points to its section. A linearised file's first section has its marker at the end of the
 * file, and the one that it continues has none (Annex F): both are one revision.
 */
export function findRevisions(bytes: Buffer, sections: readonly CrossReferenceSection[]): PdfRevision[] {
  const markers = markersOf(bytes);
  const revisions: PdfRevision[] = [];
  for (const section of sections.toReversed()) {
    const marker = markers.find(
      ({ sectionOffset, at }) => sectionOffset === section.offset && at > section.offset,
    );
    if (!marker) continue;
    revisions.push({
      number: revisions.length + 1,
      section,
      markerEnd: marker.end,
      end: marker.end + lineEndAt(bytes, marker.end),
    });
  }
  return revisions;
}

/** Whether nothing but white space stands between two offsets. */
export function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (classOf(bytes[at]) !== WHITE_SPACE) return false;
  return true;
}

function markersOf(bytes: Buffer): Marker[] {
  const markers: Marker[] = [];
  let at = bytes.indexOf(STARTXREF, 0, 'latin1');
  while (at >= 0) {
    const marker = markerAt(bytes, at);
    if (marker) markers.push(marker);
    if (markers.length > MARKERS_MAX)
      throw new FormatError('pdf-malformed', `more than ${MARKERS_MAX} revisions`);
    at = bytes.indexOf(STARTXREF, at + STARTXREF.length, 'latin1');
  }
  return markers;
}

function markerAt(bytes: Buffer, at: number): Marker | undefined {
  const match = MARKER.exec(bytes.toString('latin1', at, at + MARKER_OCTETS_MAX));
  return match ? { sectionOffset: Number(match[1]), at, end: at + match[0].length } : undefined;
}

function lineEndAt(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x0d) return bytes[at + 1] === 0x0a ? 2 : 1;
  return bytes[at] === 0x0a ? 1 : 0;
}
