import type { Certificate } from '../pki/certificate.ts';
import type { AlgorithmPolicy } from './algorithm-policy.ts';
import { weaknessesOfLeaf, weaknessesOfPath } from './cryptographic-constraints.ts';
import type { CertificatePath } from './path/build-path.ts';
import { CertificatePool } from './path/certificate-pool.ts';
import { purposeFaults } from './path/check-purposes.ts';
import type { WantedPurposes } from './path/check-purposes.ts';
import { validPaths } from './path/find-valid-path.ts';
import type { PathResult } from './path/find-valid-path.ts';
import type { PolicyInputs } from './path/policy-graph.ts';
import { WorkBudget, isWorkLimit } from './path/work-budget.ts';
import { verdictOf } from './reason.ts';
import type { Reason, ReasonCode } from './reason.ts';
import { openInquiry } from './revocation/ask-status.ts';
import { checkPathStatus } from './revocation/check-path-status.ts';
import type { OwnHistory, RevocationChecking } from './revocation/check-path-status.ts';
import type { RevocationEvidence } from './revocation/revocation-evidence.ts';
import type { StatusFinding } from './revocation/status-finding.ts';
import type { TrustStore } from './trust-store.ts';
import type { Verdict } from './verdict.ts';

export interface CertificateValidation extends OwnHistory {
  leaf: Certificate;
  /** In any order, with any number of others among them. */
  intermediates: readonly Certificate[];
  trust: TrustStore;
  at: Date;
  policies: PolicyInputs;
  purposes: WantedPurposes;
  /** Absent: every algorithm that can be verified will do. */
  algorithms?: AlgorithmPolicy;
  evidence: RevocationEvidence;
  revocation: RevocationChecking;
}

export interface CertificateVerdict {
  /** `invalid`: what was found speaks against the certificate; `indeterminate`: something to judge by is missing. */
  verdict: 'valid' | 'invalid' | 'indeterminate';
  /** The same in the words of ETSI EN 319 102-1 §5.2.6; the sub-indication is absent when it is PASSED. */
  indication: 'PASSED' | 'FAILED' | 'INDETERMINATE';
  subIndication?: string;
  reasons: Reason[];
  /** The valid path, else the likeliest one, leaf first; absent: none leads to an anchor. */
  path?: CertificatePath;
  /** Policies of the relying party's domain under which the path is valid; 2.5.29.32.0 among them: under any. */
  policies: string[];
  /** Status of each certificate of the path below the anchor. */
  statuses: StatusFinding[];
}

/**
 * Validates a certificate by itself (ETSI EN 319 102-1 §5.2.6): path, purposes, algorithms, revocation. Goes on to another
 * path where one fails in any of them; the verdict is then that of the first.
 */
export async function validateCertificate(validation: CertificateValidation): Promise<CertificateVerdict> {
  const budget = new WorkBudget();
  const pool = new CertificatePool(validation.intermediates);
  const { leaf, at, trust, policies } = validation;
  const paths = validPaths(leaf, at, { trust, embedded: pool, policies, budget });
  let first: Judged | undefined;
  try {
    let next = paths.next();
    for (; !next.done; next = paths.next()) {
      const judged = await judgePath(next.value, validation, pool, budget);
      if (verdictOf(judged.reasons).indication === 'TOTAL-PASSED') return judgedVerdict(judged);
      first ??= judged;
    }
    return judgedVerdict(first ?? { ...next.value, statuses: [] });
  } catch (cause) {
    if (!isWorkLimit(cause)) throw cause;
    const text = `the validation was given up: it takes ${cause.detail}`;
    const reasons: Reason[] = [{ code: 'chain-budget-exceeded', text }, ...(first?.reasons ?? [])];
    return judgedVerdict({ policies: [], statuses: [], ...first, reasons });
  }
}

interface Judged extends PathResult {
  statuses: StatusFinding[];
}

async function judgePath(
  { path, policies }: PathResult,
  validation: CertificateValidation,
  pool: CertificatePool,
  budget: WorkBudget,
): Promise<Judged> {
  if (!path) throw new Error('a valid path without certificates');
  const { trust, at, evidence, algorithms } = validation;
  const inquiry = openInquiry({ evidence: () => evidence, trust, pool, at, path, budget });
  const status = await checkPathStatus(inquiry, validation.revocation, validation);
  const constraints = algorithms && { algorithms, at };
  const reasons = [
    ...purposeFaults(path, validation.purposes),
    ...(constraints
      ? [...weaknessesOfLeaf(path[0], constraints), ...weaknessesOfPath(path, constraints)]
      : []),
    ...status.reasons,
  ];
  return { path, policies, reasons, statuses: status.findings };
}

/** Reasons after which another request with more certificates, CRLs or time may end otherwise. */
const OPEN_REASONS: ReadonlySet<ReasonCode> = new Set([
  'chain-not-found',
  'chain-budget-exceeded',
  'status-unavailable',
  'algorithm-unsupported',
]);

const INDICATIONS: Record<Verdict['indication'], CertificateVerdict['indication']> = {
  'TOTAL-PASSED': 'PASSED',
  'TOTAL-FAILED': 'FAILED',
  INDETERMINATE: 'INDETERMINATE',
};

function judgedVerdict({ path, policies, reasons, statuses }: Judged): CertificateVerdict {
  const { indication, ...sub } = verdictOf(reasons);
  const against = reasons.filter(({ code }) => verdictOf([{ code, text: '' }]).indication !== 'TOTAL-PASSED');
  const passed = indication === 'TOTAL-PASSED';
  const isOpen = against.every(({ code }) => OPEN_REASONS.has(code));
  return {
    verdict: passed ? 'valid' : isOpen ? 'indeterminate' : 'invalid',
    indication: INDICATIONS[indication],
    ...sub,
    reasons,
    ...(path && { path }),
    policies: passed ? policies : [],
    statuses,
  };
}
