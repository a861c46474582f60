/** Leaves below one hash of a tile's next level: tiles are eight levels of the tree high. */
export const TILE_WIDTH = 256;

export const HASH_OCTETS = 32;

/**
 * Where the hashes of a tree lie. At level L stand the roots of complete subtrees of 256^L leaves, so that level 0 holds the leaf hashes;
 * everything between is computed.
 *
 * @see https://c2sp.org/tlog-tiles
 */
export interface HashSource {
  /** `count` hashes of a level, one after the other, from `start` on; they never span two tiles. Rejects when one is not there. */
  hashes(level: number, start: number, count: number): Promise<Buffer>;
}

/** Reads each tile once; for one question about one size of the tree. */
export function rememberingTiles(source: HashSource, size: number): HashSource {
  const tiles = new Map<string, Promise<Buffer>>();
  return {
    hashes: async (level, start, count) => {
      const tile = Math.floor(start / TILE_WIDTH);
      const key = `${level}/${tile}`;
      let reading = tiles.get(key);
      if (!reading) {
        const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - tile * TILE_WIDTH);
        reading = source.hashes(level, tile * TILE_WIDTH, width);
        tiles.set(key, reading);
      }
      const first = start - tile * TILE_WIDTH;
      return (await reading).subarray(first * HASH_OCTETS, (first + count) * HASH_OCTETS);
    },
  };
}
