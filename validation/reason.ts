import type { FailedSubIndication, IndeterminateSubIndication, Verdict } from './verdict.ts';
import { gravestVerdict } from './verdict.ts';

/** What each reason does to the verdict: it fails the signature, leaves it open, or only explains. */
const EFFECTS = {
  'no-signer': failed('FORMAT_FAILURE'),
  'certificate-malformed': failed('FORMAT_FAILURE'),
  'input-passed-over': explains(),
  'attributes-malformed': failed('FORMAT_FAILURE'),
  'attributes-stripped': failed('FORMAT_FAILURE'),
  'content-missing': indeterminate('SIGNED_DATA_NOT_FOUND'),
  'content-digest-differs': failed('HASH_FAILURE'),
  'content-differs-from-enveloped': explains(),
  'signature-wrong': failed('SIG_CRYPTO_FAILURE'),
  'algorithm-protection-differs': failed('SIG_CRYPTO_FAILURE'),
  'algorithm-unsupported': indeterminate('CRYPTO_CONSTRAINTS_FAILURE'),
  'algorithm-too-weak': indeterminate('CRYPTO_CONSTRAINTS_FAILURE'),
  'signing-certificate-missing': indeterminate('NO_SIGNING_CERTIFICATE_FOUND'),
  'signing-certificate-differs': indeterminate('NO_SIGNING_CERTIFICATE_FOUND'),
  'signing-certificate-unbound': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'signing-certificate-unbound-accepted': explains(),
  'chain-not-found': indeterminate('NO_CERTIFICATE_CHAIN_FOUND'),
  'chain-budget-exceeded': indeterminate('NO_CERTIFICATE_CHAIN_FOUND'),
  'chain-constraint-violated': indeterminate('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'certificate-signature-wrong': indeterminate('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'name-not-permitted': indeterminate('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'policy-not-accepted': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'purpose-not-allowed': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'certificate-not-yet-valid': failed('NOT_YET_VALID'),
  'certificate-expired': indeterminate('OUT_OF_BOUNDS_NO_POE'),
  'issuer-out-of-validity': indeterminate('OUT_OF_BOUNDS_NO_POE'),
  'certificate-revoked': failed('REVOKED'),
  'certificate-revoked-no-proof': indeterminate('REVOKED_NO_POE'),
  'certificate-on-hold': failed('REVOKED'),
  'certificate-on-hold-no-proof': indeterminate('REVOKED_NO_POE'),
  'signed-during-hold': indeterminate('REVOKED_NO_POE'),
  'signed-during-hold-not-excluded': indeterminate('REVOKED_NO_POE'),
  'issuer-revoked-no-proof': indeterminate('REVOKED_CA_NO_POE'),
  'issuer-revoked': indeterminate('REVOKED_CA_NO_POE'),
  'status-unavailable': indeterminate('TRY_LATER'),
  'status-never-issued': indeterminate('TRY_LATER'),
  'status-not-asked': explains(),
  'revoked-after-proof': explains(),
  'on-hold-after-proof': explains(),
  'compromise-suspected-before-proof': explains(),
  'signing-time-after-proof': explains(),
  'signing-time-missing': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'signing-time-refused': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'stamped-too-late': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'level-not-reached': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'signature-policy-unknown': indeterminate('SIGNATURE_POLICY_NOT_AVAILABLE'),
  'time-stamp-malformed': failed('FORMAT_FAILURE'),
  'time-stamp-imprint-differs': failed('HASH_FAILURE'),
  'time-stamp-purpose-differs': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'time-stamp-in-future': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'time-stamps-out-of-order': indeterminate('TIMESTAMP_ORDER_FAILURE'),
  'time-stamp-not-counted': explains(),
  'counter-signature-not-valid': explains(),
  'counter-signature-passed-over': explains(),
  'non-repudiation-missing': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'document-signing-not-allowed': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'assurance-level-too-low': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'profession-may-not-prescribe': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'licence-not-active-when-signed': indeterminate('CHAIN_CONSTRAINTS_FAILURE'),
  'licence-unavailable': indeterminate('TRY_LATER'),
  'prescription-unreadable': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'prescriber-differs': indeterminate('SIG_CONSTRAINTS_FAILURE'),
  'prescription-date-differs': indeterminate('SIG_CONSTRAINTS_FAILURE'),
} as const satisfies Record<string, Verdict | undefined>;

/** Stable codes of reasons: programs may depend on them, translations are made from them. */
export type ReasonCode = keyof typeof EFFECTS;

export const REASON_CODES = Object.keys(EFFECTS) as ReasonCode[];

/** One reason of a verdict; the text is English, carries facts, and no personal data. */
export interface Reason {
  code: ReasonCode;
  text: string;
}

/** The verdict that follows from all reasons: the gravest effect, the first of equally grave ones, else TOTAL-PASSED. */
export function verdictOf(reasons: readonly Reason[]): Verdict {
  return gravestVerdict(reasons.flatMap(({ code }) => EFFECTS[code] ?? [])) ?? { indication: 'TOTAL-PASSED' };
}

function failed(subIndication: FailedSubIndication): Verdict {
  return { indication: 'TOTAL-FAILED', subIndication };
}

function indeterminate(subIndication: IndeterminateSubIndication): Verdict {
  return { indication: 'INDETERMINATE', subIndication };
}

function explains(): undefined {
  return undefined;
}
