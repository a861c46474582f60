import { FormatError } from '../format-error.ts';
import type { PdfDictionary } from './pdf-value.ts';

/** Where an object is (ISO 32000-1 §7.5.4, §7.5.8.3). */
export type CrossReference =
  | { kind: 'free' }
  | { kind: 'plain'; offset: number; generation: number }
  | { kind: 'in-stream'; stream: number; index: number };

/** One cross-reference section: the objects that one writing of the file brought, replaced or freed. */
export interface CrossReferenceSection {
  form: 'table' | 'stream';
  offset: number;
  /** Offset after its last octet. */
  end: number;
  entries: ReadonlyMap<number, CrossReference>;
  trailer: PdfDictionary;
}

/** Of all sections together. */
export const ENTRIES_MAX = 500_000;

/**
 * Puts an entry into its section. Where a section says two things of an object, readers disagree on which of them counts, and what one
 * shows as signed another shows as changed: refused, with FormatError `pdf-malformed`.
 */
export function addEntry(entries: Map<number, CrossReference>, number: number, entry: CrossReference): void {
  const known = entries.get(number);
  if (known && !isSameEntry(known, entry))
    throw new FormatError('pdf-malformed', `object ${number} stands in two places`);
  entries.set(number, entry);
}

function isSameEntry(a: CrossReference, b: CrossReference): boolean {
  if (a.kind === 'plain' && b.kind === 'plain') return a.offset === b.offset && a.generation === b.generation;
  if (a.kind === 'in-stream' && b.kind === 'in-stream') return a.stream === b.stream && a.index === b.index;
  return a.kind === b.kind;
}
