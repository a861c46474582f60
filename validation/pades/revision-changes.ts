/** What later revisions may bring; each is said in a report. */
const PERMITTED = {
  signature: 'a signature',
  'time-stamp': 'a document time stamp',
  evidence: 'certificates and statuses for its validation',
  metadata: 'data about the document',
  'empty-field': 'a signature field that nobody has signed',
} as const;

export type PermittedChange = keyof typeof PERMITTED;

/** A report names some; a document that was rebuilt has thousands. */
const FORBIDDEN_MAX = 5;

/** What was found to differ between what was signed and what is shown now. */
export class RevisionChanges {
  readonly #permitted = new Set<string>();
  readonly #questioned = new Set<string>();
  readonly #forbidden: string[] = [];

  permit(change: PermittedChange): void {
    this.#permitted.add(PERMITTED[change]);
  }

  /** @param place the field or page that it happened to */
  permitAt(
    what: 'field filled in' | 'annotation on page' | 'visible signature on page',
    place: string,
  ): void {
    this.#permitted.add(`${what}: ${place}`);
  }

  /** What nobody permitted and nobody forbade: the report leaves it to a person. */
  question(what: 'field filled in', place: string): void {
    this.#questioned.add(`${what}: ${place}`);
  }

  forbid(detail: string): void {
    if (this.#forbidden.length < FORBIDDEN_MAX && !this.#forbidden.includes(detail))
      this.#forbidden.push(detail);
  }

  /** Nothing more will be told. */
  get isFull(): boolean {
    return this.#forbidden.length === FORBIDDEN_MAX;
  }

  get permitted(): readonly string[] {
    return [...this.#permitted];
  }

  get questioned(): readonly string[] {
    return [...this.#questioned];
  }

  get forbidden(): readonly string[] {
    return this.#forbidden;
  }
}
