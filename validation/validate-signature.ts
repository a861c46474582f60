import type { Certificate } from '../pki/certificate.ts';
import { nameText } from '../pki/name.ts';
import { readPrescription } from '../prescriptions/read-prescription.ts';
import { applyRules } from './apply-rules.ts';
import { certificateSummary, statusSummary } from './certificate-summary.ts';
import { weaknessesOfSignature } from './cryptographic-constraints.ts';
import { judgeCertificate } from './judge-certificate.ts';
import type { CertificateJudgement, CertificateSources } from './judge-certificate.ts';
import { claimedTimeFaults, levelFaults, signaturePolicyFaults } from './judge-claims.ts';
import { judgeLevel } from './judge-level.ts';
import { licenceRecordOf } from './licence-history.ts';
import type { LicenceHistory } from './licence-history.ts';
import { WorkBudget } from './path/work-budget.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { earlierProof } from './proof-of-existence.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import { verdictOf } from './reason.ts';
import type { Reason } from './reason.ts';
import type { SignatureReport } from './report.ts';
import type { RuleFacts } from './rules/rule.ts';
import { signerIdentity } from './signer-identity.ts';
import { timeStampReport } from './time-stamps/time-stamp-report.ts';
import { noTimeStamps, validateTimeStamps } from './time-stamps/validate-time-stamps.ts';
import type { StampedTimes } from './time-stamps/validate-time-stamps.ts';
import type { TrustStore } from './trust-store.ts';
import type { CryptographicResult } from './verify-signature.ts';

export interface SignatureContext extends CertificateSources {
  now: Date;
  /** What the relying party says; the signature's time stamps may prove more. */
  proof: ProofOfExistence;
  trust: TrustStore;
  /** Absent: nobody here hears what the Medical Council says of licences. */
  licenceHistory?: LicenceHistory | undefined;
}

/**
 * Validates one signature of any format (ETSI EN 319 102-1 §5.3.4, §5.5, §5.6): its time stamps first, which say as of when
 * everything else is judged. Every step that could not run leaves a reason.
 */
export async function validateSignature(
  signature: PresentedSignature,
  context: SignatureContext,
): Promise<SignatureReport> {
  const times = await timesOf(signature, context);
  const proven = { ...context, proof: earlierProof(context.proof, times.stampedAt) };
  const judged = await judgeSignature(signature, times, proven);
  const counterSignatures = await counterSignaturesOf(signature, context);
  const { judgement } = judged;
  const level = judgeLevel({
    signature,
    at: proven.proof.at,
    trust: context.trust,
    path: judgement?.path,
    timeStamps: times.judged,
  });
  const reasons = [
    ...signature.reasons,
    ...judged.reasons,
    ...times.reasons,
    ...levelFaults(level, context.policy),
    ...notValid(counterSignatures),
  ];
  const verdict = verdictOf(reasons);
  if (verdict.indication === 'TOTAL-PASSED') assertComplete(judged);
  return {
    ...factsOf(signature),
    ...verdict,
    cryptographic: judged.result?.verdict ?? 'NOT_CHECKED',
    reasons,
    level,
    bestSignatureTime: { at: proven.proof.at.toISOString(), source: proven.proof.source },
    ...judged.report,
    timeStamps: times.judged.map(timeStampReport),
    counterSignatures,
    proofs: [...times.proofs.entries()].map(({ sha256, at }) => ({
      sha256: sha256.toString('hex'),
      at: at.toISOString(),
    })),
  };
}

async function timesOf(signature: PresentedSignature, context: SignatureContext): Promise<StampedTimes> {
  if (signature.timeStamps.length === 0) return noTimeStamps(context.now);
  const { policy, statusHistory, onStatusFault, revocationSource } = context;
  const trust = context.trust.forTimeStamps();
  const sources = { policy, statusHistory, onStatusFault, revocationSource };
  return validateTimeStamps(context.now, { ...sources, signature, trust });
}

interface JudgedSignature {
  /** Absent: there is no certificate to verify with. */
  result?: CryptographicResult;
  judgement?: CertificateJudgement;
  reasons: Reason[];
  report: Pick<SignatureReport, 'algorithms' | 'signer' | 'certificate' | 'issuers' | 'status' | 'rules'>;
}

/** The signature as of the moment at which it is proven to exist. */
async function judgeSignature(
  signature: PresentedSignature,
  times: StampedTimes,
  context: SignatureContext,
): Promise<JudgedSignature> {
  const { policy, proof, trust } = context;
  const { certificate, reasons: identification } = signature.signingCertificate;
  if (!certificate) return { reasons: [...identification], report: { rules: [] } };
  const result = signature.verify(certificate);
  const judgement = await judgeCertificate(
    {
      certificate,
      isBound: signature.bindsCertificate,
      certificates: signature.certificates,
      revocation: signature.revocation,
      proof,
      signingTime: signature.claimedSigningTime,
      madeAfter: times.madeAfter,
      // The rule `during-hold` does.
      pastHoldsAre: 'told',
      trust,
      proofs: times.proofs,
      budget: new WorkBudget(),
    },
    context,
  );
  // The sector's rules are for certificates whose issuers we trust.
  const rules =
    judgement.path && applyRules(policy.rules, await ruleFactsOf(certificate, signature, judgement, context));
  const algorithms = result.algorithms ?? signature.algorithms;
  const constraints = { algorithms: policy.algorithms, at: proof.at };
  const reasons = [
    ...identification,
    ...result.reasons,
    ...(algorithms ? weaknessesOfSignature(algorithms, certificate, constraints) : []),
    ...judgement.reasons,
    ...(rules?.reasons ?? []),
    ...claimedTimeFaults(signature, proof, policy),
    ...signaturePolicyFaults(signature, policy),
  ];
  return {
    result,
    judgement,
    reasons,
    report: {
      ...(algorithms && { algorithms: { digest: algorithms.digest, scheme: algorithms.scheme.kind } }),
      signer: signerIdentity(certificate, policy.professionArc),
      certificate: certificateSummary(certificate),
      ...judgementReport(judgement),
      rules: rules?.results ?? [],
    },
  };
}

function judgementReport({
  path,
  status,
}: CertificateJudgement): Pick<SignatureReport, 'issuers' | 'status'> {
  return {
    ...(path && { issuers: path.slice(1).map(({ subject }) => nameText(subject)) }),
    ...(status && {
      status: { atProofOfExistence: statusSummary(status.atProof), now: statusSummary(status.now) },
    }),
  };
}

async function ruleFactsOf(
  certificate: Certificate,
  { contents, claimedSigningTime }: PresentedSignature,
  { status }: CertificateJudgement,
  { proof, policy, licenceHistory, onStatusFault }: SignatureContext,
): Promise<RuleFacts> {
  return {
    certificate,
    documents: contents.map(({ bytes }) => readPrescription(bytes)),
    claimedSigningTime,
    provenAt: proof.at,
    pastHolds: status?.pastHolds ?? [],
    licence: await licenceRecordOf(certificate, policy.professionArc, { licenceHistory, onStatusFault }),
  };
}

/** Most rules are for who prescribes: whoever countersigns answers for having seen it. Nor is a level asked of it. */
async function counterSignaturesOf(
  { counterSignatures }: PresentedSignature,
  context: SignatureContext,
): Promise<SignatureReport[]> {
  if (counterSignatures.length === 0) return [];
  const { requiredLevel: _, ...policy } = context.policy;
  const rules = policy.rules.filter(({ isOfCounterSignatures }) => isOfCounterSignatures);
  const below = { ...context, policy: { ...policy, rules } };
  return Promise.all(counterSignatures.map((signature) => validateSignature(signature, below)));
}

/** A countersignature that does not hold takes nothing from what it is over. */
function notValid(counterSignatures: readonly SignatureReport[]): Reason[] {
  return counterSignatures
    .filter(({ indication }) => indication !== 'TOTAL-PASSED')
    .map(({ id, indication, subIndication }) => ({
      code: 'counter-signature-not-valid',
      text: `countersignature ${id} is ${indication} (${subIndication})`,
    }));
}

function factsOf({
  id,
  format,
  packaging,
  claimedSigningTime,
  signedProperties,
}: PresentedSignature): Pick<
  SignatureReport,
  'id' | 'format' | 'packaging' | 'claimedSigningTime' | 'signedProperties'
> {
  return {
    id,
    format,
    packaging,
    ...(claimedSigningTime && { claimedSigningTime: claimedSigningTime.toISOString() }),
    ...(signedProperties && { signedProperties }),
  };
}

/** Nothing passes because a step was forgotten: that would be a bug, and ends as one. */
function assertComplete({ result, judgement }: JudgedSignature): void {
  const isVerified = result?.verdict === 'PASSED' && result.algorithms !== undefined;
  if (!isVerified || !judgement?.path || !judgement.status) {
    throw new Error('a signature without a reason against it was not validated to the end');
  }
}
