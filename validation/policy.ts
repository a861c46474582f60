import { DEFAULT_ALGORITHM_POLICY } from './algorithm-policy.ts';
import type { AlgorithmPolicy } from './algorithm-policy.ts';
import { documentSigning } from './rules/document-signing.ts';
import { nonRepudiation } from './rules/non-repudiation.ts';
import type { HealthRule } from './rules/rule.ts';

/** What a signature has to satisfy beyond being genuine (the constraints of ETSI TS 119 172-1). */
export interface ValidationPolicy {
  /** Named in each report, so a verdict can be repeated under the same constraints. */
  id: string;
  /** Of signatures, and of certificates up to the anchor. */
  algorithms: AlgorithmPolicy;
  /** Whether the signature must name its certificate by hash, as CAdES does and plain CMS does not. */
  signingCertificateReference: 'required' | 'checked-if-present';
  /** Arc of the profession OIDs; the last component is the profession's number. */
  professionArc: string;
  rules: readonly HealthRule[];
}

/**
 * The policy for prescriptions under a deployment's OID arc, e.g. `2.999.364.1`. Plain CMS is accepted: the deployment
 * certifies no key twice, so that a signature can belong to one certificate only.
 */
export function prescriptionPolicy(
  oidArc: string,
  algorithms: AlgorithmPolicy = DEFAULT_ALGORITHM_POLICY,
): ValidationPolicy {
  return {
    id: 'mohr-prescription-1',
    algorithms,
    signingCertificateReference: 'checked-if-present',
    professionArc: `${oidArc}.4`,
    rules: [nonRepudiation, documentSigning],
  };
}
