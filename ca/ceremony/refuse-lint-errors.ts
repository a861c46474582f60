import { lintErrors } from '../lint/lint.ts';
import type { LintReport } from '../lint/lint.ts';
import { CeremonyError } from './ceremony-error.ts';

/** The reports themselves; throws CeremonyError `lint-failed` with every error whose rule is not among `accept`. */
export function refuseLintErrors(reports: LintReport[], accept: readonly string[] = []): LintReport[] {
  const errors = lintErrors(reports).filter(({ id }) => !accept.includes(id));
  if (errors.length === 0) return reports;
  const detail = errors.map(({ id, source, result }) => `${id} (${source}): ${result.detail}`).join('; ');
  throw new CeremonyError('lint-failed', detail);
}
