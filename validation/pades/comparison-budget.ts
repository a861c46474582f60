import { FormatError } from '../../formats/format-error.ts';

/** Values of a document, once for each signature that is followed by a revision; all of its budget for values, five times. */
const STEPS_MAX = 20_000_000;

/** Bounds what comparing the revisions of one document costs. */
export class ComparisonBudget {
  #steps = STEPS_MAX;

  /** Throws FormatError `pdf-malformed`. */
  step(): void {
    this.#steps -= 1;
    if (this.#steps < 0) throw new FormatError('pdf-malformed', 'it has too much to be compared');
  }
}
