import type { PrescriptionReading } from '../../prescriptions/read-prescription.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { LicenceRecord } from '../licence-history.ts';
import type { PastHold } from '../past-holds.ts';
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
  /** Holds of the certificate that were over by then and may have been when it signed; empty also when its status is not known. */
  pastHolds: readonly PastHold[];
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
  /** It is asked of countersignatures too. */
  isOfCounterSignatures?: true;
  /** May throw PkiError for an extension that cannot be read: that fails the rule. */
  judge(facts: RuleFacts): RuleOutcome;
}
