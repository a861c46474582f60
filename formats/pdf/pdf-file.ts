import { FormatError } from '../format-error.ts';
import { readSections } from './read-sections.ts';
import type { CrossReferenceSection } from './cross-reference.ts';
import { CrossReferenceIndex } from './cross-reference-index.ts';
import { findRevisions, newestSectionOffset } from './revisions.ts';
import type { PdfRevision } from './revisions.ts';
import { PdfView } from './pdf-view.ts';
import { ReadingBudget } from './reading-budget.ts';
import { StoredObjects } from './stored-objects.ts';

/** Readers find a header further on, and then disagree on where offsets count from. */
const HEADER = Buffer.from('%PDF-', 'latin1');

/** A PDF with all of its revisions (ISO 32000-1 §7.5.6). */
export class PdfFile {
  readonly bytes: Buffer;
  /** The newest first. */
  readonly sections: readonly CrossReferenceSection[];
  /** The oldest first. */
  readonly revisions: readonly PdfRevision[];
  readonly #objects: StoredObjects;
  readonly #index: CrossReferenceIndex;

  /** Throws FormatError `pdf-malformed` or `pdf-encrypted`. */
  constructor(input: Uint8Array) {
    this.bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
    if (!isPdf(this.bytes)) throw new FormatError('pdf-malformed', 'it does not begin as a PDF');
    const budget = new ReadingBudget(this.bytes.length);
    this.sections = readSections(this.bytes, newestSectionOffset(this.bytes), budget);
    this.revisions = findRevisions(this.bytes, this.sections);
    this.#objects = new StoredObjects(this.bytes, budget);
    this.#index = new CrossReferenceIndex(this.sections);
  }

  /** The document as it is now. */
  newest(): PdfView {
    return this.#view(this.sections[0], this.bytes.length);
  }

  /** The document as it was when the revision was written: of what came later, nothing is seen. */
  asOf({ section, end }: PdfRevision): PdfView {
    return this.#view(section, end);
  }

  /** Numbers of all objects that there are or have been. */
  objectNumbers(): Iterable<number> {
    return this.#index.numbers();
  }

  #view(section: CrossReferenceSection, end: number): PdfView {
    const place = { section: this.sections.indexOf(section), trailer: section.trailer, end };
    return new PdfView(this.#objects, this.#index, place);
  }
}

export function isPdf(bytes: Uint8Array): boolean {
  return HEADER.equals(bytes.subarray(0, HEADER.length));
}
