import type { CrossReference, CrossReferenceSection } from './cross-reference.ts';

interface Version {
  /** Index of the section that says it, of those of the file. */
  section: number;
  entry: CrossReference;
}

/** What every section says of every object, built once for all revisions. */
export class CrossReferenceIndex {
  /** By number; the newest first. */
  readonly #versions = new Map<number, Version[]>();

  /** @param sections the newest first */
  constructor(sections: readonly CrossReferenceSection[]) {
    sections.forEach(({ entries }, section) => {
      for (const [number, entry] of entries) {
        const versions = this.#versions.get(number);
        if (versions) versions.push({ section, entry });
        else this.#versions.set(number, [{ section, entry }]);
      }
    });
  }

  /** What the newest section says that is not newer than this one. */
  find(number: number, newestSection: number): CrossReference | undefined {
    return this.#versions.get(number)?.find(({ section }) => section >= newestSection)?.entry;
  }

  /** Numbers of all objects that there are or have been. */
  numbers(): Iterable<number> {
    return this.#versions.keys();
  }
}
