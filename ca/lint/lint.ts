import type { Certificate } from '../../pki/certificate.ts';

/** What a certificate lint looks at; facts that the caller does not have make rules not applicable. */
export interface LintedCertificate {
  certificate: Certificate;
  /** The certificate that issued, or will have issued, this one. */
  issuer?: Certificate;
  /** When the certificate is, or would be, issued. */
  now?: Date;
}

export type LintFinding = { severity: 'error' | 'warning' | 'notice'; detail: string };

/** `not-applicable` is never counted as a pass. */
export type LintResult = 'pass' | 'not-applicable' | LintFinding;

/** One sentence of a standard or of our practice statement, as a check. File, rule and test bear the same name. */
export interface Lint<Subject> {
  /** Same as the file's name. */
  id: string;
  /** Where the rule comes from, e.g. `RFC 5280 §4.1.2.2`. */
  source: string;
  check(subject: Subject): LintResult;
}

export type CertificateLint = Lint<LintedCertificate>;

export interface LintReport {
  id: string;
  source: string;
  result: LintResult;
}

/** Runs all rules; a rule that throws has found something unreadable, which is an error, not a pass. */
export function runLints<Subject>(lints: readonly Lint<Subject>[], subject: Subject): LintReport[] {
  return lints.map(({ id, source, check }) => ({ id, source, result: guarded(check, subject) }));
}

/** Findings of a report that forbid to sign. */
export function lintErrors(reports: readonly LintReport[]): (LintReport & { result: LintFinding })[] {
  return reports.filter(isError);
}

function isError(report: LintReport): report is LintReport & { result: LintFinding } {
  return typeof report.result === 'object' && report.result.severity === 'error';
}

/** A rule's result, also where it throws. */
export function guarded<Subject>(check: (subject: Subject) => LintResult, subject: Subject): LintResult {
  try {
    return check(subject);
  } catch (error) {
    return { severity: 'error', detail: `unreadable: ${(error as Error).message}` };
  }
}
