import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

/** What was stamped in a while, without anything of what or for whom. */
export interface StampCount {
  count: number;
  firstGenTime: Date;
  lastGenTime: Date;
  /** SHA-256 over the tokens, one after the other: whoever has them all can show that they are these. */
  tokensSha256: string;
}

/** Counts tokens between two drains: an event for each would be most of the log, and would tell of every document. */
export class StampTally {
  #count = 0;
  #firstGenTime: Date | undefined;
  #lastGenTime: Date | undefined;
  #hash: Hash = createHash('sha256');

  add(token: Uint8Array, genTime: Date): void {
    this.#count += 1;
    this.#firstGenTime ??= genTime;
    this.#lastGenTime = genTime;
    this.#hash.update(token);
  }

  /** What was added since the last time; undefined when nothing was. */
  drain(): StampCount | undefined {
    if (!this.#firstGenTime || !this.#lastGenTime) return undefined;
    const drained = {
      count: this.#count,
      firstGenTime: this.#firstGenTime,
      lastGenTime: this.#lastGenTime,
      tokensSha256: this.#hash.digest('hex'),
    };
    this.#count = 0;
    this.#firstGenTime = undefined;
    this.#lastGenTime = undefined;
    this.#hash = createHash('sha256');
    return drained;
  }
}
