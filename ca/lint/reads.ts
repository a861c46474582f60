// Which parts of a certificate a rule looks at is not declared, where it could be wrong, but seen while it looks.

let reads = 0;

/** Says that parts have been read; a part is a bit. */
export function noteReads(parts: number): void {
  reads |= parts;
}

/** Begins to gather; returns what `endReads` wants. Frames nest, and everything between is synchronous. */
export function beginReads(): number {
  const outer = reads;
  reads = 0;
  return outer;
}

/** The parts that were read since; whatever encloses has read them as well. */
export function endReads(outer: number): number {
  const own = reads;
  reads = outer | own;
  return own;
}
