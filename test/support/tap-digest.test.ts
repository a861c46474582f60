import t from 'tap';

import { TapDigest } from './tap-digest.ts';

const RUN = `TAP version 14
1..3
# Subtest: test/a.test.ts
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
not ok 1 - test/a.test.ts # time=20.6ms
  ---
  exitCode: 1
  ...
# Subtest: test/b.test.ts
    1..0 # no tests found
not ok 2 - test/b.test.ts # time=7ms
  ---
  exitCode: 13
  ...
# Subtest: test/c.test.ts
    ok 1 - fine
    1..1
ok 3 - test/c.test.ts # time=3ms
# { total: 5, pass: 2, fail: 2, todo: 1, skip: 1 }`;

t.test('shows a line for each file, the causes of each failure and each skip', (t) => {
  const digest = new TapDigest();
  t.strictSame(
    RUN.split('\n').flatMap((line) => digest.take(line)),
    [
      'not ok test/a.test.ts > outer > inner > should be equal',
      '    diff: |',
      '      ok 1 - not a result',
      'skipped test/a.test.ts > later # SKIP no card',
      'not ok test/a.test.ts (21 ms)',
      'not ok test/b.test.ts (7 ms)',
      '    exitCode: 13',
      'ok     test/c.test.ts (3 ms)',
    ],
  );
  t.end();
});

t.test('counts what tap counts, a todo as skipped', (t) => {
  const digest = new TapDigest();
  for (const line of RUN.split('\n')) digest.take(line);
  t.strictSame(digest.counts, { passed: 2, failed: 2, skipped: 2 });
  t.end();
});
