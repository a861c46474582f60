import { PrescriptionError } from './prescription-error.ts';

// What the phone shows, and what a validator judges, is read from the very octets that are signed. This folder runs on the phone's page too,
// so it knows nothing of Node.

/** A document as names and texts; JSON and XML come to the same tree, in which every member is a list. */
export type DocumentNode = DocumentObject | DocumentLeaf;

export interface DocumentObject {
  kind: 'object';
  members: ReadonlyMap<string, readonly DocumentNode[]>;
}

export interface DocumentLeaf {
  kind: 'leaf';
  /** As it is written: a number is not rounded on its way to the screen. */
  text: string;
}

/** A Bundle, its resource, a dosage and its quantities nest nine deep. */
export const NESTING_MAX = 24;
/** What nobody can read on a phone is not signed there. */
export const LEAVES_MAX = 1_000;

/**
 * Control characters, and those that turn the direction of what follows around: with them "12" shows as "21". Marks (LRM, RLM, ALM)
 * and joiners belong to Persian text and stay, and so do tabulators and ends of lines.
 */
const DECEPTIVE = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

/** A leaf; throws PrescriptionError `document-unreadable` for text that would not show as it is. */
export function leafOf(text: string): DocumentLeaf {
  if (DECEPTIVE.test(text))
    throw unreadable('it holds control characters or turns the direction of its text');
  return { kind: 'leaf', text };
}

export function unreadable(detail: string): PrescriptionError {
  return new PrescriptionError('document-unreadable', `the document cannot be read: ${detail}`);
}
