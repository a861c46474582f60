import type { PrescriptionReading } from '../../prescriptions/read-prescription.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { LicenceRecord } from '../licence-history.ts';
import type { ReasonCode } from '../reason.ts';

/** What a rule may look at: the signature is genuine when it is asked. */
export interface RuleFacts {
  certificate: Certificate;
  /** What was signed, each document for itself; empty when it was not handed in. */
  documents: readonly PrescriptionReading[];
  /** What the signer claims: it proves nothing, but it may speak against the signer. */
  claimedSigningTime?: Date | undefined;
  /** When the signature is proven to exist. */
  provenAt: Date;
  /** What the Medical Council has said of the signer's licence. */
  licence: LicenceRecord;
}

/** `not-applicable` is not `passed`: the rule found nothing to judge. */
export interface RuleOutcome {
  outcome: 'passed' | 'failed' | 'not-applicable';
  detail: string;
  /** In place of the rule's own, where it failed for another cause. */
  failure?: ReasonCode;
}

/** A rule of the health sector, applied after the cryptography (ETSI TS 119 172-4). */
export interface HealthRule {
  id: string;
  /** The reason that stands in the report when the rule fails. */
  failure: ReasonCode;
  /** May throw PkiError for an extension that cannot be read: that fails the rule. */
  judge(facts: RuleFacts): RuleOutcome;
}
