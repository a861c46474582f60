import { TILE_WIDTH } from './hash-source.ts';
import { EMPTY_ROOT, nodeHash } from './tree-hash.ts';

/** Root of a complete subtree of 256^level leaves. */
export interface CompletedNode {
  level: number;
  index: number;
  hash: Buffer;
}

/** Computes a tree leaf by leaf, in memory of its height: for who verifies a log from its beginning. */
export class TreeWalk {
  /** Roots of the complete subtrees that the leaves so far are made of, the largest first. */
  readonly #subtrees: { hash: Buffer; leaves: number }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns what the leaf completes of the levels that a log keeps. */
  push(leafHash: Buffer): CompletedNode[] {
    const completed: CompletedNode[] = [];
    let hash = leafHash;
    let leaves = 1;
    this.#size += 1;
    for (let last = this.#subtrees.at(-1); last?.leaves === leaves; last = this.#subtrees.at(-1)) {
      hash = nodeHash(last.hash, hash);
      leaves *= 2;
      this.#subtrees.pop();
      const level = LEVELS.get(leaves);
      if (level !== undefined) completed.push({ level, index: this.#size / leaves - 1, hash });
    }
    this.#subtrees.push({ hash, leaves });
    return completed;
  }

  root(): Buffer {
    const last = this.#subtrees.at(-1);
    if (!last) return EMPTY_ROOT;
    return this.#subtrees.slice(0, -1).reduceRight((right, { hash }) => nodeHash(hash, right), last.hash);
  }
}

/** Level by number of leaves; a tree of more cannot be counted in a number. */
const LEVELS = new Map([1, 2, 3, 4, 5, 6].map((level) => [TILE_WIDTH ** level, level]));
