/** Longer names than these are no typing errors; the work stays small whatever a file says. */
const LENGTH_MAX = 64;
const EDITS_PER_CHARACTER = 1 / 3;

/** The candidate that a mistyped name most likely means: at most a third of it edited, case aside. Undefined when none is close. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > LENGTH_MAX) return undefined;
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const editsMax = Math.max(1, Math.floor(name.length * EDITS_PER_CHARACTER));
  return best && best.edits <= editsMax ? best.candidate : undefined;
}

/** Levenshtein's distance, row by row. */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = above[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column] + 1, current[column - 1] + 1));
    }
    above = current;
  }
  return above[b.length];
}
