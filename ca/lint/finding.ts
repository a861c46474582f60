import type { LintFinding } from './lint.ts';

/** Forbids to sign: a MUST of a standard, or a rule of our practice statement. */
export function error(detail: string): LintFinding {
  return { severity: 'error', detail };
}

/** A SHOULD of a standard: does not forbid to sign. */
export function warning(detail: string): LintFinding {
  return { severity: 'warning', detail };
}

/** Worth knowing, and no fault. */
export function notice(detail: string): LintFinding {
  return { severity: 'notice', detail };
}
