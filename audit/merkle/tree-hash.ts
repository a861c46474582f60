import { createHash } from 'node:crypto';

import { AuditError } from '../audit-error.ts';
import { HASH_OCTETS, TILE_WIDTH } from './hash-source.ts';
import type { HashSource } from './hash-source.ts';

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = Buffer.of(0x01);

/** Hash of a leaf's octets. @see RFC 6962 §2.1 */
export function leafHash(leaf: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF_PREFIX).update(leaf).digest();
}

/** Hash of two subtrees. @see RFC 6962 §2.1 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();
}

/** Of a tree without leaves. @see RFC 6962 §2.1 */
export const EMPTY_ROOT = createHash('sha256').digest();

/** Root of the first `size` leaves. */
export async function rootHash(source: HashSource, size: number): Promise<Buffer> {
  return size === 0 ? EMPTY_ROOT : rangeHash(source, 0, size);
}

/** MTH(D[start:end]) of RFC 6962 §2.1; `start` is a multiple of the range's size rounded up to a power of two, as all of its proofs need. */
export async function rangeHash(source: HashSource, start: number, end: number): Promise<Buffer> {
  const size = end - start;
  if (size <= 0) throw new AuditError('tree-size', `no leaves between ${start} and ${end}`);
  const half = splitOf(size);
  if (half * 2 === size || size === 1) return completeHash(source, start, size);
  const left = await completeHash(source, start, half);
  return nodeHash(left, await rangeHash(source, start + half, end));
}

/** The largest power of two below the size; 1 for one leaf, which is not split. */
export function splitOf(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** Root of a power of two of leaves that begin at a multiple of it: they lie in one tile, or are one hash of the next. */
export async function completeHash(source: HashSource, start: number, size: number): Promise<Buffer> {
  let level = 0;
  let unit = 1;
  while (unit * TILE_WIDTH <= size) {
    unit *= TILE_WIDTH;
    level += 1;
  }
  return joinComplete(await source.hashes(level, start / unit, size / unit));
}

/** Root over a power of two of hashes that lie side by side. */
export function joinComplete(hashes: Buffer): Buffer {
  let level = hashes;
  while (level.length > HASH_OCTETS) {
    const above = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < level.length; at += 2 * HASH_OCTETS)
      nodeHash(
        level.subarray(at, at + HASH_OCTETS),
        level.subarray(at + HASH_OCTETS, at + 2 * HASH_OCTETS),
      ).copy(above, at / 2);
    level = above;
  }
  return level;
}
