import { readdirSync } from 'node:fs';

import type { Lint, LintResult, LintedCertificate } from '../../ca/lint/lint.ts';
import type { LintedCrl } from '../../ca/lint/linted-crl.ts';
import type { LintedOcspResponse } from '../../ca/lint/linted-ocsp-response.ts';
import { loadSource } from './load-source.ts';

/** What a rule can say, with the name of the case read after it: `passes a serial number of 16 octets`. */
export type Verdict = 'pass' | 'not-applicable' | 'error' | 'warning' | 'notice';

/** Cases of one rule by what the rule has to say of them. */
export type LintCases<Subject> = Partial<Record<Verdict, Record<string, Subject>>> & {
  /** Why there is no case to which the rule does not apply. */
  appliesToAll?: true;
};

export type CertificateCases = LintCases<LintedCertificate>;
export type CrlCases = LintCases<LintedCrl>;
export type OcspCases = LintCases<LintedOcspResponse>;

export function verdictOf(result: LintResult): Verdict {
  return typeof result === 'object' ? result.severity : result;
}

/** Reads the cases of a rule, which lie in a file of the rule's name. */
export async function loadLintCases<Subject>(folder: URL, lint: Lint<Subject>): Promise<LintCases<Subject>> {
  const { cases } = await loadSource<{ cases: LintCases<Subject> }>(new URL(`${lint.id}.cases.ts`, folder));
  return cases;
}

/** Names of rules for which the folder has cases. */
export function rulesWithCases(folder: URL): string[] {
  return readdirSync(folder)
    .map((file) => file.replace('.cases.ts', ''))
    .sort();
}
