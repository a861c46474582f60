import type { HashSource } from './hash-source.ts';
import { EMPTY_ROOT, completeHash, nodeHash } from './tree-hash.ts';

interface Subtree {
  leaves: number;
  hash: Buffer;
}

/** Roots of one tree at several sizes: of sizes that lie close to each other, most is computed once. */
export class TreeRoots {
  readonly #source: HashSource;
  /** What the last size was made of: complete subtrees, the largest first. */
  #subtrees: readonly Subtree[] = [];

  constructor(source: HashSource) {
    this.#source = source;
  }

  /** Root of the first `size` leaves. @see RFC 6962 §2.1 */
  async rootOf(size: number): Promise<Buffer> {
    const subtrees: Subtree[] = [];
    let isKnown = true;
    for (let start = 0; start < size;) {
      const leaves = powerWithin(size - start);
      const known: Subtree | undefined = isKnown ? this.#subtrees.at(subtrees.length) : undefined;
      isKnown = known?.leaves === leaves;
      subtrees.push(
        known && isKnown ? known : { leaves, hash: await completeHash(this.#source, start, leaves) },
      );
      start += leaves;
    }
    this.#subtrees = subtrees;
    const last = subtrees.at(-1);
    if (!last) return EMPTY_ROOT;
    return subtrees.slice(0, -1).reduceRight((right, { hash }) => nodeHash(hash, right), last.hash);
  }
}

/** The largest power of two that is no larger. */
function powerWithin(size: number): number {
  let power = 1;
  while (power * 2 <= size) power *= 2;
  return power;
}
