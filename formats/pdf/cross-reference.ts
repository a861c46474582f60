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
