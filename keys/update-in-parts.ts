import { setImmediate } from 'node:timers/promises';

/** Octets that are hashed before other work gets its turn: about half a millisecond. */
const HASHED_AT_ONCE_OCTETS = 1_048_576;

/** Feeds a hash or a signature with a message that comes in parts, and lets others run in between. */
export async function updateInParts(
  sink: { update(data: Uint8Array): unknown },
  parts: readonly Uint8Array[],
): Promise<void> {
  let sinceYield = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += HASHED_AT_ONCE_OCTETS) {
      const piece = part.subarray(at, at + HASHED_AT_ONCE_OCTETS);
      sink.update(piece);
      sinceYield += piece.length;
      if (sinceYield < HASHED_AT_ONCE_OCTETS) continue;
      sinceYield = 0;
      await setImmediate();
    }
  }
}
