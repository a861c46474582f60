import type { StatusIndex } from './status-index.ts';

/** What the responder reads: the indexes, and how current they are. */
export interface StatusView {
  /** The index of an authority; throws OcspError `authority-unknown` for one that is not followed. */
  indexOf(authorityId: string): StatusIndex;
  /** The last moment at which the indexes were known to hold everything committed; undefined before the first time. */
  readonly confirmedAt: Date | undefined;
}
