import { PkiError } from '../pki/pki-error.ts';
import type { Reason } from './reason.ts';
import type { SignatureReport } from './report.ts';
import type { HealthRule, RuleFacts, RuleOutcome } from './rules/rule.ts';

/** Applies each rule of the policy: results for the report, and a reason for each that failed. */
export function applyRules(
  rules: readonly HealthRule[],
  facts: RuleFacts,
): { results: SignatureReport['rules']; reasons: Reason[] } {
  const judged = rules.map((rule) => ({ rule, ...judge(rule, facts) }));
  return {
    results: judged.map(({ rule, outcome, detail }) => ({ rule: rule.id, outcome, detail })),
    reasons: judged
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ rule, failure, detail }) => ({ code: failure ?? rule.failure, text: detail })),
  };
}

function judge(rule: HealthRule, facts: RuleFacts): RuleOutcome {
  try {
    return rule.judge(facts);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return { outcome: 'failed', detail: `an extension cannot be read: ${cause.detail}` };
  }
}
