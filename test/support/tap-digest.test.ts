import t from 'tap';

import { digestOf } from './tap-digest.ts';

const RUNS = [
  {
    file: 'test/a.test.ts',
    fault: 'it ended by exit code 1',
    milliseconds: 20.6,
    cpuMilliseconds: 1540,
    lines: `TAP version 14
# Subtest: outer
    # Subtest: inner
        not ok 1 - should be equal
          ---
          diff: |
            ok 1 - not a result
          ...
        1..1
    not ok 1 - inner # time=1.5ms
      ---
      at: somewhere
      ...
    ok 2 - fine
    1..2
not ok 1 - outer # time=2ms
ok 2 - later # SKIP no card
1..2
# { total: 3, pass: 1, fail: 1, skip: 1 }
# time=2ms`,
  },
  {
    file: 'test/b.test.ts',
    fault: 'it ended by exit code 13',
    milliseconds: 7,
    cpuMilliseconds: 0,
    lines: 'TAP version 14',
  },
  {
    file: 'test/c.test.ts',
    milliseconds: 3,
    cpuMilliseconds: 0,
    lines: `ok 1 - fine
ok 2 - not yet # TODO
1..2
# { total: 2, pass: 1, todo: 1 }`,
  },
].map(({ lines, ...run }) => ({ ...run, lines: lines.split('\n') }));

t.test('shows a line for each file, the causes of each failure and each skip', (t) => {
  t.strictSame(
    RUNS.flatMap((run) => digestOf(run).lines),
    [
      'not ok test/a.test.ts > outer > inner > should be equal',
      '    diff: |',
      '      ok 1 - not a result',
      'skipped test/a.test.ts > later # SKIP no card',
      'not ok test/a.test.ts (21 ms, 1.5 s of CPU)',
      'not ok test/b.test.ts (7 ms, 0.0 s of CPU)',
      '    it ended by exit code 13',
      'skipped test/c.test.ts > not yet # TODO',
      'ok     test/c.test.ts (3 ms, 0.0 s of CPU)',
    ],
  );
  t.end();
});

t.test('counts what tap counts, a todo as skipped, and an end that no assertion explains as failed', (t) => {
  t.strictSame(
    RUNS.map((run) => digestOf(run).counts),
    [
      { passed: 1, failed: 1, skipped: 1 },
      { passed: 0, failed: 1, skipped: 0 },
      { passed: 1, failed: 0, skipped: 1 },
    ],
  );
  t.end();
});
