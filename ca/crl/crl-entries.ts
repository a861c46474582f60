import type { PackedRevocations } from '../../pki/crl-packed-revocations.ts';

/** The encoded CRL entries of all authorities. When it has failed it stays so, and is made anew from the status history. */
export interface CrlEntries {
  /** Begins an authority's list, empty. */
  open(authorityId: string, shards: number): Promise<void>;
  /** Takes entries off the list, then adds or changes others. */
  change(authorityId: string, put: PackedRevocations, remove?: readonly Uint8Array[]): Promise<void>;
  /** The entries of a shard, or of all shards, as of the last change that was asked for before; they stay as they are. */
  parts(authorityId: string, shard?: number): Promise<Uint8Array[]>;
  close(): Promise<void>;
}
