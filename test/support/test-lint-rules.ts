import t from 'tap';

import type { Lint } from '../../ca/lint/lint.ts';
import { runLints } from '../../ca/lint/lint.ts';
import { loadLintCases, rulesWithCases, verdictOf } from './lint-cases.ts';
import type { Verdict } from './lint-cases.ts';

const VERDICTS: readonly Verdict[] = ['pass', 'not-applicable', 'error', 'warning', 'notice'];
const FINDINGS: readonly Verdict[] = ['error', 'warning', 'notice'];

const SAYS: Record<Verdict, string> = {
  pass: 'passes',
  'not-applicable': 'does not apply to',
  error: 'refuses',
  warning: 'warns of',
  notice: 'remarks',
};

/** Runs the cases of each rule; a rule without a good case, a bad one and one that it passes over does not count. */
export async function testLintRules<Subject>(folder: URL, lints: readonly Lint<Subject>[]): Promise<void> {
  t.test('every rule has its file of cases, and every file of cases its rule', async (t) => {
    t.strictSame(rulesWithCases(folder), lints.map(({ id }) => id).sort());
    t.equal(new Set(lints.map(({ id }) => id)).size, lints.length, 'no two rules bear the same name');
  });
  for (const lint of lints) await testRule(folder, lint);
}

async function testRule<Subject>(folder: URL, lint: Lint<Subject>): Promise<void> {
  const cases = await loadLintCases(folder, lint);
  t.test(`${lint.id} (${lint.source})`, async (t) => {
    t.ok(cases.pass, 'has good cases');
    t.ok(
      FINDINGS.some((verdict) => cases[verdict]),
      'has bad cases',
    );
    t.ok(cases.appliesToAll ?? cases['not-applicable'], 'has cases that are not its own');
    for (const verdict of VERDICTS) {
      for (const [name, subject] of Object.entries(cases[verdict] ?? {})) {
        const [{ result }] = runLints([lint], subject);
        t.equal(
          verdictOf(result),
          verdict,
          `${SAYS[verdict]} ${name}`,
          typeof result === 'object' ? result : {},
        );
        if (typeof result === 'object')
          t.notMatch(result.detail, /^unreadable|99900/, 'for a reason that it can show');
      }
    }
  });
}
