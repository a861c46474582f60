import { HASH_OCTETS, TILE_WIDTH } from './hash-source.ts';
import type { HashSource } from './hash-source.ts';
import { joinComplete } from './tree-hash.ts';

/** Hashes of a level above the leaves that new leaves have completed. */
export interface GrownLevel {
  level: number;
  /** Index of the first. */
  start: number;
  hashes: Buffer;
}

/** What new leaves complete of a tree of `size` leaves: one entry for each level where anything is. */
export async function growTree(source: HashSource, size: number, leafHashes: Buffer): Promise<GrownLevel[]> {
  const grown: GrownLevel[] = [];
  let added = leafHashes;
  let before = size;
  for (let level = 1; added.length > 0; level += 1) {
    const from = Math.floor(before / TILE_WIDTH);
    const old = before - from * TILE_WIDTH;
    const below =
      old === 0 ? added : Buffer.concat([await source.hashes(level - 1, from * TILE_WIDTH, old), added]);
    const complete = Math.floor(below.length / (TILE_WIDTH * HASH_OCTETS));
    if (complete === 0) break;
    const octets = TILE_WIDTH * HASH_OCTETS;
    const roots = Array.from({ length: complete }, (_, at) =>
      joinComplete(below.subarray(at * octets, (at + 1) * octets)),
    );
    added = Buffer.concat(roots);
    grown.push({ level, start: from, hashes: added });
    before = from;
  }
  return grown;
}
