import type { PackedRevocations } from '../../pki/crl-packed-revocations.ts';

/** What the main thread asks of the thread that keeps the entries; answered in order. */
export type CrlEntriesRequest = { id: number; authorityId: string } & (
  | { kind: 'open'; shards: number }
  | { kind: 'change'; put: PackedRevocations; remove: readonly Uint8Array[] }
  | { kind: 'parts'; shard?: number }
);

export type CrlEntriesReply = { id: number } & ({ parts: Uint8Array[] } | { failure: string });
