import { DEFAULT_ALGORITHM_POLICY } from './algorithm-policy.ts';
import type { AlgorithmPolicy } from './algorithm-policy.ts';
import { DEFAULT_RULE_SETTINGS, healthRules, professionArcOf } from './rules/health-rules.ts';
import type { HealthRuleSettings } from './rules/health-rules.ts';
import type { BaselineLevel } from './baseline-level.ts';
import type { HealthRule } from './rules/rule.ts';

/** What is asked of the time that the signer claims. */
export interface ClaimedTimeConstraints {
  /** Whether there must be one. */
  required: boolean;
  /** Whether it may be later than the proof of existence: clocks of signers go wrong. */
  laterThanProof: 'explained' | 'refused';
  /** How soon after it the signature must be time-stamped (EN 319 102-1 §5.5.4); absent: no matter. */
  stampedWithinSeconds?: number;
}

/** What a signature has to satisfy beyond being genuine (the constraints of ETSI TS 119 172-1). */
export interface ValidationPolicy {
  /** Named in each report, so a verdict can be repeated under the same constraints. */
  id: string;
  /** Of signatures, and of certificates up to the anchor. */
  algorithms: AlgorithmPolicy;
  /** Whether the signature must name its certificate by hash, as CAdES does and plain CMS does not. */
  signingCertificateReference: 'required' | 'checked-if-present';
  /** How old the last word on a certificate of others may be when the signature existed; absent: until its nextUpdate. */
  revocationFreshnessSeconds?: number;
  /**
   * Whether the time as of which a certificate chain is judged slides to each status of others that is not fresh any more (EN 319 102-1
   * §5.6.2.2), or only to revocations.
   */
  staleStatuses?: 'believed' | 'slide';
  /** What a signature must reach at least; absent: it is told and not asked for. */
  requiredLevel?: BaselineLevel;
  /** Signature policies that signers may refer to, by object identifier or URI; absent: any, they bind nobody here. */
  signaturePolicies?: readonly string[];
  claimedSigningTime?: ClaimedTimeConstraints;
  /** Arc of the profession OIDs; the last component is the profession's number. */
  professionArc: string;
  rules: readonly HealthRule[];
}

/**
 * The policy for prescriptions under a deployment's OID arcs. Plain CMS is accepted: the deployment certifies no key twice,
 * so that a signature can belong to one certificate only.
 */
export function prescriptionPolicy(
  names: Pick<HealthRuleSettings, 'oidArc' | 'nationalPolicyArc'>,
  algorithms: AlgorithmPolicy = DEFAULT_ALGORITHM_POLICY,
): ValidationPolicy {
  return {
    id: 'mohr-prescription-1',
    algorithms,
    signingCertificateReference: 'checked-if-present',
    professionArc: professionArcOf(names.oidArc),
    rules: healthRules({ ...DEFAULT_RULE_SETTINGS, ...names }),
  };
}
