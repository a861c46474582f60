import type { StatusChange } from '../../pki/certificate-status.ts';
import type { PackedRevocations } from '../../pki/crl-packed-revocations.ts';

/**
 * The status history as CRLs read it; there is nothing to write with.
 *
 * Consistency: change numbers are gapless and in the order of commits, so whoever has read change n has missed none
 * before it. Answers come from the primary or from a replica that may lag; a lag delays a CRL, it never loses a change.
 */
export interface CrlStatusSource {
  /** Number of the newest change that is visible here; 0 before the first. */
  lastChangeNumber(): Promise<number>;
  /**
   * All certificates of an authority that are revoked or held, in batches of some thousands (so that no batch blocks the
   * reader). It contains every change up to an earlier answer of `lastChangeNumber`; later ones may or may not be in it:
   * reading them again from `changesAfter` leads to the same list.
   */
  revokedSnapshot(authorityId: string): AsyncIterable<PackedRevocations>;
  /** The next changes of all authorities above a number, in their order, at most `limit`; `issued` may be left out. */
  changesAfter(changeNumber: number, limit: number): Promise<StatusChange[]>;
}
