import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** A piece of one or several CRLs, stored once under its hash. */
export interface CrlChunk {
  sha256: Buffer;
  octets: Uint8Array;
}

/** A CRL as it is stored. */
export interface ChunkedCrl {
  chunks: readonly CrlChunk[];
  octets: number;
  /** Of the whole. */
  sha256: Buffer;
}

/** The schema takes no more in one row. */
const CHUNK_OCTETS_MAX = 1_048_576;
/** Parts below this are joined: a row for each entry of a delta would cost more than the entry. */
const JOINED_OCTETS_MAX = 16_384;
/** Octets that are hashed before other work gets its turn: about a millisecond, for they are hashed twice. */
const HASHED_AT_ONCE_OCTETS = 1_048_576;

/** Cuts a CRL where its parts are cut, so that the parts which the next one shares with it are stored already. */
export async function chunksOf(parts: readonly Uint8Array[]): Promise<ChunkedCrl> {
  const whole = createHash('sha256');
  const chunks: CrlChunk[] = [];
  let octets = 0;
  let sinceYield = 0;
  for (const piece of pieces(parts)) {
    whole.update(piece);
    chunks.push({ sha256: createHash('sha256').update(piece).digest(), octets: piece });
    octets += piece.length;
    sinceYield += piece.length;
    if (sinceYield < HASHED_AT_ONCE_OCTETS) continue;
    sinceYield = 0;
    await setImmediate();
  }
  return { chunks, octets, sha256: whole.digest() };
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  let smallOctets = 0;
  for (const part of parts) {
    if (part.length < JOINED_OCTETS_MAX) {
      small.push(part);
      smallOctets += part.length;
      if (smallOctets < JOINED_OCTETS_MAX) continue;
    }
    if (smallOctets > 0) yield Buffer.concat(small);
    small = [];
    smallOctets = 0;
    if (part.length < JOINED_OCTETS_MAX) continue;
    for (let at = 0; at < part.length; at += CHUNK_OCTETS_MAX) yield part.subarray(at, at + CHUNK_OCTETS_MAX);
  }
  if (smallOctets > 0) yield Buffer.concat(small);
}
