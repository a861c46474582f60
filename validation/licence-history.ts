import type { CouncilNumber } from '../core/council-number.ts';

/** What the Medical Council said of a licence, and when it was received. */
export interface LicenceChange {
  event: 'suspended' | 'restored' | 'ended' | 'deceased';
  at: Date;
}

/** In the order of the Council's own count; `not-asked`: nobody here hears the Council; `unavailable`: try later. */
export type LicenceRecord = readonly LicenceChange[] | 'not-asked' | 'unavailable';

export interface LicenceHistory {
  /** Empty: the Council has never said anything against it. Rejects when that cannot be promised. */
  changesOf(councilNumber: CouncilNumber): Promise<readonly LicenceChange[]>;
}
