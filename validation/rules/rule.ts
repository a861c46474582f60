import type { Certificate } from '../../pki/certificate.ts';
import type { ReasonCode } from '../reason.ts';

/** What a rule may look at: the signature is genuine when it is asked. */
export interface RuleFacts {
  certificate: Certificate;
}

/** `not-applicable` is not `passed`: the rule found nothing to judge. */
export interface RuleOutcome {
  outcome: 'passed' | 'failed' | 'not-applicable';
  detail: string;
}

/** A rule of the health sector, applied after the cryptography (ETSI TS 119 172-4). */
export interface HealthRule {
  id: string;
  /** The reason that stands in the report when the rule fails. */
  failure: ReasonCode;
  /** May throw PkiError for an extension that cannot be read: that fails the rule. */
  judge(facts: RuleFacts): RuleOutcome;
}
