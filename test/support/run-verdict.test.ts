import t from 'tap';

import { filesToRunAlone, verdictOf } from './run-verdict.ts';
import type { FileDigest } from './tap-digest.ts';

const passing = (file: string): FileDigest => ({
  file,
  counts: { passed: 3, failed: 0, skipped: 0 },
  lines: [`ok     ${file}`],
});

const failing = (file: string): FileDigest => ({
  file,
  counts: { passed: 2, failed: 1, skipped: 1 },
  lines: [`not ok ${file} > a state`, '    diff: |', `skipped ${file} > no card`, `not ok ${file}`],
});

t.test(
  'what failed beside others runs once more alone, unless it ran alone already or too many failed',
  (t) => {
    const many = ['a', 'b', 'c', 'd', 'e'];
    t.strictSame(filesToRunAlone([passing('a'), failing('b'), failing('c')]), ['b', 'c']);
    t.strictSame(filesToRunAlone([passing('a'), passing('b')]), []);
    t.strictSame(filesToRunAlone([failing('a')]), [], 'nothing ran beside it');
    t.strictSame(filesToRunAlone(many.map(failing)), many);
    t.strictSame(filesToRunAlone([...many, 'f'].map(failing)), []);
    t.end();
  },
);

t.test('a run in which everything passed says so in one line', (t) => {
  t.strictSame(verdictOf([passing('a'), passing('b')], []), { lines: ['6 passed, 0 failed'], exitCode: 0 });
  t.equal(verdictOf([], []).exitCode, 1, 'nothing was tested');
  t.end();
});

t.test('what passes alone is counted apart, and its failure shown in full', (t) => {
  t.strictSame(verdictOf([failing('a'), passing('b')], [passing('a')]), {
    lines: [
      '5 passed, 0 failed, 1 skipped, 1 unsteady',
      'not ok a > a state',
      '    diff: |',
      'not ok a',
      'unsteady a: failed beside others, passed alone',
      'files: 0 failed, 1 unsteady',
    ],
    exitCode: 0,
  });
  t.end();
});

t.test('a run fails with one file that fails alone too, whatever else passes there', (t) => {
  t.strictSame(verdictOf([failing('a'), failing('b'), passing('c')], [passing('a'), failing('b')]), {
    lines: [
      '7 passed, 1 failed, 2 skipped, 1 unsteady',
      ...failing('a').lines.filter((line) => !line.startsWith('skipped')),
      ...failing('b').lines.filter((line) => !line.startsWith('skipped')),
      'unsteady a: failed beside others, passed alone',
      'not ok b: failed beside others, failed alone',
      'files: 1 failed, 1 unsteady',
    ],
    exitCode: 1,
  });
  t.end();
});

t.test('a run fails with files that did not run again', (t) => {
  const { lines, exitCode } = verdictOf([failing('a'), passing('b')], []);
  t.equal(exitCode, 1);
  t.strictSame(lines.slice(-2), ['not ok a', 'files: 1 failed, 0 unsteady']);
  t.end();
});
