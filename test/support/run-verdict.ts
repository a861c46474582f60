import type { FileDigest, TapCounts } from './tap-digest.ts';

/** More than these that fail are no unsteadiness, and running them again would hide for minutes what is plain. */
const ALONE_MAX = 5;

/** The last words of a run, and the exit code that goes with them. */
export interface RunVerdict {
  lines: string[];
  exitCode: 0 | 1;
}

/** Files that failed, each of which is to run once more with nothing beside it; none when nothing ran beside them before. */
export function filesToRunAlone(beside: readonly FileDigest[]): string[] {
  const failed = beside.filter(hasFailed).map(({ file }) => file);
  return beside.length > 1 && failed.length <= ALONE_MAX ? failed : [];
}

/** Says how a run has ended, from what its files did beside each other and what the failed ones did alone. */
export function verdictOf(beside: readonly FileDigest[], alone: readonly FileDigest[]): RunVerdict {
  const passedAlone = new Set(alone.filter((digest) => !hasFailed(digest)).map(({ file }) => file));
  const unsteady = beside.filter((digest) => hasFailed(digest) && passedAlone.has(digest.file));
  const failed = beside.filter((digest) => hasFailed(digest) && !passedAlone.has(digest.file));
  const ranAlone = new Set(alone.map(({ file }) => file));
  const counts = sumOf(beside);
  const unsteadyAssertions = sumOf(unsteady).failed;
  return {
    lines: [
      countsLine({ ...counts, failed: counts.failed - unsteadyAssertions }, unsteadyAssertions),
      ...[...unsteady, ...failed].flatMap(({ lines }) =>
        lines.filter((line) => !line.startsWith('skipped ')),
      ),
      ...unsteady.map(({ file }) => `unsteady ${file}: failed beside others, passed alone`),
      ...failed.map(
        ({ file }) => `not ok ${file}${ranAlone.has(file) ? ': failed beside others, failed alone' : ''}`,
      ),
      ...(unsteady.length + failed.length > 0
        ? [`files: ${failed.length} failed, ${unsteady.length} unsteady`]
        : []),
    ],
    exitCode: failed.length > 0 || counts.passed === 0 ? 1 : 0,
  };
}

function hasFailed({ counts }: FileDigest): boolean {
  return counts.failed > 0;
}

/** What failed beside others is never among the passed. */
function countsLine({ passed, failed, skipped }: TapCounts, unsteady: number): string {
  const parts = [`${passed} passed`, `${failed} failed`];
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (unsteady > 0) parts.push(`${unsteady} unsteady`);
  return parts.join(', ');
}

function sumOf(digests: readonly FileDigest[]): TapCounts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts } of digests) {
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}
