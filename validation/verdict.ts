// The vocabulary of ETSI EN 319 102-1 §5.1.3: three indications, and sub-indications that say why.

/** Sub-indications of TOTAL-FAILED. */
export type FailedSubIndication =
  'FORMAT_FAILURE' | 'HASH_FAILURE' | 'SIG_CRYPTO_FAILURE' | 'REVOKED' | 'EXPIRED' | 'NOT_YET_VALID';

/** Sub-indications of INDETERMINATE. */
export type IndeterminateSubIndication =
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'POLICY_PROCESSING_ERROR'
  | 'SIGNATURE_POLICY_NOT_AVAILABLE'
  | 'TIMESTAMP_ORDER_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'REVOKED_NO_POE'
  | 'REVOKED_CA_NO_POE'
  | 'OUT_OF_BOUNDS_NOT_REVOKED'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'REVOCATION_OUT_OF_BOUNDS_NO_POE'
  | 'NO_POE'
  | 'TRY_LATER'
  | 'SIGNED_DATA_NOT_FOUND';

export type Verdict =
  | { indication: 'TOTAL-PASSED' }
  | { indication: 'TOTAL-FAILED'; subIndication: FailedSubIndication }
  | { indication: 'INDETERMINATE'; subIndication: IndeterminateSubIndication };

export type Indication = Verdict['indication'];

const SEVERITY: Record<Indication, number> = { 'TOTAL-PASSED': 0, INDETERMINATE: 1, 'TOTAL-FAILED': 2 };

/** The gravest of several verdicts, the first of equally grave ones; of none, undefined. */
export function gravestVerdict(verdicts: Iterable<Verdict>): Verdict | undefined {
  let gravest: Verdict | undefined;
  for (const verdict of verdicts) {
    if (!gravest || SEVERITY[verdict.indication] > SEVERITY[gravest.indication]) gravest = verdict;
  }
  return gravest;
}
