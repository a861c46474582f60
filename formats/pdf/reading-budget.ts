import { FormatError } from '../format-error.ts';

/** A report with scanned pictures has some megabytes. */
const PDF_OCTETS_MAX = 64 * 1024 * 1024;

/** Object and cross-reference streams of a file, inflated; pictures and fonts are never inflated. */
const INFLATED_OCTETS_MAX = 64 * 1024 * 1024;

/** Values of all objects that are looked into: the largest documents of the public corpora have about a million. */
const VALUES_MAX = 4_000_000;

/** Objects are read once each, so that a file is gone through about once; entries that point into each other's middle cost more. */
const PASSES_MAX = 4;
const OCTETS_READ_LEAST = 1024 * 1024;

/** What one document may cost; throws FormatError `pdf-malformed` beyond it. */
export class ReadingBudget {
  #octets: number;
  #values = VALUES_MAX;
  #inflated = INFLATED_OCTETS_MAX;

  constructor(fileOctets: number) {
    if (fileOctets > PDF_OCTETS_MAX)
      throw new FormatError('pdf-malformed', `${fileOctets} octets, at most ${PDF_OCTETS_MAX}`);
    this.#octets = OCTETS_READ_LEAST + PASSES_MAX * fileOctets;
  }

  get inflatedOctetsLeft(): number {
    return this.#inflated;
  }

  spendOctets(count: number): void {
    this.#octets -= count;
    if (this.#octets < 0) throw new FormatError('pdf-malformed', 'objects overlap each other');
  }

  spendValue(): void {
    this.#values -= 1;
    if (this.#values < 0) throw new FormatError('pdf-malformed', `more than ${VALUES_MAX} values`);
  }

  /** Inflated octets are read once more when they are parsed. */
  spendInflated(count: number): void {
    this.#inflated -= count;
    this.#octets += PASSES_MAX * count;
  }
}
