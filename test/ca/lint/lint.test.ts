import t from 'tap';

import { lintErrors, runLints } from '../../../ca/lint/lint.ts';
import type { Lint, LintResult } from '../../../ca/lint/lint.ts';

const lint = (id: string, check: () => LintResult): Lint<object> => ({ id, source: 'test', check });

t.test('reports what each rule says, in the order of the rules', async (t) => {
  const warning = { severity: 'warning', detail: 'w' } as const;
  const reports = runLints(
    [lint('a', () => 'pass'), lint('b', () => 'not-applicable'), lint('c', () => warning)],
    {},
  );
  t.strictSame(reports, [
    { id: 'a', source: 'test', result: 'pass' },
    { id: 'b', source: 'test', result: 'not-applicable' },
    { id: 'c', source: 'test', result: warning },
  ]);
});

t.test('takes a rule that throws for an error, and goes on with the others', async (t) => {
  const failing = lint('a', () => {
    throw new Error('no such octet');
  });
  const reports = runLints([failing, lint('b', () => 'pass')], {});
  t.strictSame(reports[0].result, { severity: 'error', detail: 'unreadable: no such octet' });
  t.equal(reports[1].result, 'pass');
});

t.test('forbids to sign for errors alone', async (t) => {
  const severities = ['error', 'warning', 'notice'] as const;
  const reports = runLints(
    severities.map((severity) => lint(severity, () => ({ severity, detail: '' }))),
    {},
  );
  t.strictSame(
    lintErrors(reports).map(({ id }) => id),
    ['error'],
  );
});
