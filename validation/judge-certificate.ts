import type { Certificate } from '../pki/certificate.ts';
import type { EmbeddedRevocation } from '../pki/cms/signed-data.ts';
import type { AlgorithmPolicy } from './algorithm-policy.ts';
import { checkRevocation } from './check-revocation.ts';
import type { RevocationResult } from './check-revocation.ts';
import { weaknessOfEvidence, weaknessesOfPath } from './cryptographic-constraints.ts';
import type { StatusQuestion } from './judge-status.ts';
import type { CertificatePath } from './path/build-path.ts';
import { CertificatePool } from './path/certificate-pool.ts';
import { findValidPath } from './path/find-valid-path.ts';
import type { WorkBudget } from './path/work-budget.ts';
import type { ValidationPolicy } from './policy.ts';
import type { Reason } from './reason.ts';
import { openInquiry } from './revocation/ask-status.ts';
import { embeddedEvidence } from './revocation/embedded-evidence.ts';
import { fetchEvidence } from './revocation/fetch-evidence.ts';
import type { RevocationSource } from './revocation/revocation-source.ts';
import type { StatusInquiry } from './revocation/status-inquiry.ts';
import type { StatusHistory } from './status-history.ts';
import type { ProofSet } from './time-stamps/proof-set.ts';
import type { TrustStore } from './trust-store.ts';

/** Where a judgement gets what is not in the signature. */
export interface CertificateSources {
  policy: ValidationPolicy;
  statusHistory: StatusHistory;
  /** Told why a status could not be read. */
  onStatusFault?: ((cause: unknown) => void) | undefined;
  revocationSource?: RevocationSource | undefined;
}

/** A certificate that signed, a document or a time stamp, with what came along with it. */
export interface CertificateQuestion extends StatusQuestion {
  certificate: Certificate;
  /** Whether what it signed names it by hash: then it is as old as that. */
  isBound: boolean;
  /** Possible issuers of it. */
  certificates: readonly Certificate[];
  revocation: readonly EmbeddedRevocation[];
  trust: TrustStore;
  proofs: ProofSet;
  budget: WorkBudget;
}

export interface CertificateJudgement {
  /** Leaf first; absent: none leads to an anchor. */
  path?: CertificatePath;
  status?: RevocationResult['status'];
  reasons: Reason[];
}

/** Path, algorithms and revocation of a certificate as of the moment at which what it signed is proven to exist. */
export async function judgeCertificate(
  question: CertificateQuestion,
  sources: CertificateSources,
): Promise<CertificateJudgement> {
  const { certificate, proof, trust, budget } = question;
  const pool = new CertificatePool(question.certificates);
  const found = findValidPath(certificate, proof.at, { trust, embedded: pool, budget });
  if (!found.path) return { reasons: found.reasons };
  const { path } = found;
  const provenAt = proofsOfMembers(question);
  const constraints = { algorithms: sources.policy.algorithms, at: proof.at, provenAt };
  const revocation = await statusesOf({ path, pool, provenAt }, question, sources);
  return {
    path,
    ...(revocation.status && { status: revocation.status }),
    reasons: [...found.reasons, ...weaknessesOfPath(path, constraints), ...revocation.reasons],
  };
}

/**
 * Since when a certificate of the path is proven to exist. Without a time stamp the one proof is of everything. With one, it is
 * of the signature, which names its own certificate; whom the deployment trusts it knows; of others more is asked.
 */
function proofsOfMembers(question: CertificateQuestion): (member: Certificate) => Date {
  const { certificate, isBound, proof, trust, proofs } = question;
  return (member) => {
    const isKnown = (member === certificate && isBound) || trust.has(member);
    return proof.source !== 'time-stamp' || isKnown ? proof.at : proofs.earliest(member.bytes);
  };
}

interface FoundPath {
  path: CertificatePath;
  pool: CertificatePool;
  provenAt: (member: Certificate) => Date;
}

/**
 * With what the signer embedded; where that leaves a status unknown, or is from before the proof of existence (EN 319 102-1 §5.2.5), once
 * more with what can be fetched: a signature made with a stolen key embeds the last "good" there was.
 */
async function statusesOf(
  found: FoundPath,
  question: CertificateQuestion,
  sources: CertificateSources,
): Promise<RevocationResult> {
  const { policy, revocationSource, statusHistory, onStatusFault } = sources;
  const { proof, signingTime, madeAfter, pastHoldsAre, trust } = question;
  const { path, provenAt } = found;
  const freshnessSeconds = policy.revocationFreshnessSeconds;
  const slidesFrom = policy.staleStatuses === 'slide' ? question.proofs.now : undefined;
  const asked = { proof, signingTime, madeAfter, pastHoldsAre, trust, statusHistory, onStatusFault };
  const check = (embedded: readonly EmbeddedRevocation[]) => {
    const inquiry = inquiriesInto(embedded, found, question, policy.algorithms);
    return checkRevocation(path, { ...asked, provenAt, freshnessSeconds, slidesFrom, inquiry });
  };
  const result = await check(question.revocation);
  const isOpen = result.reasons.some(({ code }) => code === 'status-unavailable');
  if (!revocationSource || !(isOpen || result.mayBeOutdated)) return result;
  return check([...question.revocation, ...(await fetchEvidence(path, revocationSource))]);
}

/** One inquiry into all of the evidence, and others into what is proven to be older than some moment. */
function inquiriesInto(
  embedded: readonly EmbeddedRevocation[],
  { path, pool }: FoundPath,
  question: CertificateQuestion,
  algorithms: AlgorithmPolicy,
): (provenBefore?: Date) => StatusInquiry {
  const { proof, trust, proofs, budget } = question;
  const provenAt = (bytes: Buffer) => (proof.source === 'time-stamp' ? proofs.earliest(bytes) : proof.at);
  const open = (some: readonly EmbeddedRevocation[]) => {
    const known = new Map<object, Date>();
    const evidence = () => embeddedEvidence(some, (one, bytes) => known.set(one, provenAt(bytes)));
    const doubt: StatusInquiry['doubt'] = (one) =>
      weaknessOfEvidence(one, { algorithms, at: known.get(one) ?? proofs.now });
    return openInquiry({ evidence, trust, pool, at: proof.at, path, budget, doubt });
  };
  const whole = open(embedded);
  return (provenBefore) =>
    provenBefore
      ? open(embedded.filter(({ bytes }) => proofs.earliest(bytes).getTime() < provenBefore.getTime()))
      : whole;
}
