import type { StatusIndex } from './status-index.ts';

/** Statuses, and since when they are known to be current. */
export interface DatedStatuses {
  index: StatusIndex;
  confirmedAt: Date;
}

/** What the responder reads: the indexes, and how current they are. */
export interface StatusView {
  /** The index of an authority; throws OcspError `authority-unknown` for one that is not followed. */
  indexOf(authorityId: string): StatusIndex;
  /** The last moment at which the indexes were known to hold everything committed; undefined before the first time. */
  readonly confirmedAt: Date | undefined;
  /**
   * Asks the source itself for some certificates, when the indexes cannot be confirmed; undefined when it cannot say either.
   * Rejects with OcspError `status-source-failed` or `overloaded`.
   */
  lookUp(authorityId: string, serialNumbers: readonly Buffer[]): Promise<DatedStatuses | undefined>;
}
