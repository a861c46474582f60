import type { EmbeddedRevocation } from '../pki/cms/signed-data.ts';
import type { Certificate } from '../pki/certificate.ts';
import { nameText } from '../pki/name.ts';
import { applyRules } from './apply-rules.ts';
import { certificateSummary, statusSummary } from './certificate-summary.ts';
import { checkRevocation } from './check-revocation.ts';
import type { RevocationResult } from './check-revocation.ts';
import { weaknessesOfPath, weaknessesOfSignature } from './cryptographic-constraints.ts';
import type { CertificatePath } from './path/build-path.ts';
import { CertificatePool } from './path/certificate-pool.ts';
import { findValidPath } from './path/find-valid-path.ts';
import { WorkBudget } from './path/work-budget.ts';
import type { ValidationPolicy } from './policy.ts';
import type { PresentedSignature } from './presented-signature.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import { verdictOf } from './reason.ts';
import type { Reason } from './reason.ts';
import type { SignatureReport } from './report.ts';
import { signerIdentity } from './signer-identity.ts';
import { openInquiry } from './revocation/ask-status.ts';
import { embeddedEvidence } from './revocation/embedded-evidence.ts';
import { fetchEvidence } from './revocation/fetch-evidence.ts';
import type { RevocationSource } from './revocation/revocation-source.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';
import type { CryptographicResult } from './verify-signature.ts';

export interface SignatureContext {
  proof: ProofOfExistence;
  trust: TrustStore;
  policy: ValidationPolicy;
  statusHistory: StatusHistory;
  onStatusFault?: ((cause: unknown) => void) | undefined;
  revocationSource?: RevocationSource | undefined;
}

/**
 * Validates one signature of any format in the order of ETSI EN 319 102-1 §5.3.4; every step that could not run leaves a
 * reason.
 */
export async function validateSignature(
  signature: PresentedSignature,
  context: SignatureContext,
): Promise<SignatureReport> {
  const { policy } = context;
  const { certificate, reasons: identification } = signature.signingCertificate;
  if (!certificate) {
    const reasons = [...signature.reasons, ...identification];
    return {
      ...factsOf(signature),
      ...verdictOf(reasons),
      cryptographic: 'NOT_CHECKED',
      reasons,
      rules: [],
    };
  }
  const result = signature.verify(certificate);
  const trusted = await validateCertificate(certificate, signature, context);
  const algorithms = result.algorithms ?? signature.algorithms;
  const constraints = { algorithms: policy.algorithms, at: context.proof.at };
  const reasons = [
    ...signature.reasons,
    ...identification,
    ...result.reasons,
    ...(algorithms ? weaknessesOfSignature(algorithms, certificate, constraints) : []),
    ...trusted.reasons,
  ];
  const verdict = verdictOf(reasons);
  if (verdict.indication === 'TOTAL-PASSED') assertComplete(result, trusted);
  return {
    ...factsOf(signature),
    ...verdict,
    cryptographic: result.verdict,
    reasons,
    ...(algorithms && { algorithms: { digest: algorithms.digest, scheme: algorithms.scheme.kind } }),
    signer: signerIdentity(certificate, policy.professionArc),
    certificate: certificateSummary(certificate),
    ...trusted.report,
  };
}

interface CertificateResult {
  report: Pick<SignatureReport, 'issuers' | 'status' | 'rules'>;
  reasons: Reason[];
}

/** Path, revocation and the sector's rules; the latter two only for a certificate whose issuers we trust. */
async function validateCertificate(
  certificate: Certificate,
  signature: PresentedSignature,
  context: SignatureContext,
): Promise<CertificateResult> {
  const { proof, trust, policy } = context;
  const budget = new WorkBudget();
  const pool = new CertificatePool(signature.certificates);
  const found = findValidPath(certificate, proof.at, { trust, embedded: pool, budget });
  if (!found.path) return { report: { rules: [] }, reasons: found.reasons };
  const { path } = found;
  const revocation = await checkRevocationOf(signature, { path, pool, budget }, context);
  const rules = applyRules(policy.rules, { certificate });
  return {
    report: {
      issuers: path.slice(1).map(({ subject }) => nameText(subject)),
      ...(revocation.status && {
        status: {
          atProofOfExistence: statusSummary(revocation.status.atProof),
          now: statusSummary(revocation.status.now),
        },
      }),
      rules: rules.results,
    },
    reasons: [
      ...found.reasons,
      ...weaknessesOfPath(path, { algorithms: policy.algorithms, at: proof.at }),
      ...revocation.reasons,
      ...rules.reasons,
      ...claimedTooLate(signature.claimedSigningTime, proof),
    ],
  };
}

/** With what the signer embedded; where that leaves a status unknown, once more with what can be fetched. */
async function checkRevocationOf(
  { revocation, claimedSigningTime: signingTime }: PresentedSignature,
  found: { path: CertificatePath; pool: CertificatePool; budget: WorkBudget },
  { proof, trust, statusHistory, onStatusFault, revocationSource }: SignatureContext,
): Promise<RevocationResult> {
  const { path, pool, budget } = found;
  const check = (embedded: readonly EmbeddedRevocation[]) => {
    const evidence = () => embeddedEvidence(embedded);
    const inquiry = openInquiry({ evidence, trust, pool, at: proof.at, path, budget });
    return checkRevocation(path, { proof, signingTime, trust, statusHistory, onStatusFault, inquiry });
  };
  const result = await check(revocation);
  const isOpen = result.reasons.some(({ code }) => code === 'status-unavailable');
  if (!revocationSource || !isOpen) return result;
  return check([...revocation, ...(await fetchEvidence(path, revocationSource))]);
}

function claimedTooLate(signingTime: Date | undefined, proof: ProofOfExistence): Reason[] {
  if (!signingTime || signingTime.getTime() <= proof.at.getTime()) return [];
  const text = `the signer claims ${signingTime.toISOString()}, later than the signature existed, ${proof.at.toISOString()}`;
  return [{ code: 'signing-time-after-proof', text }];
}

function factsOf({
  format,
  packaging,
  claimedSigningTime,
}: PresentedSignature): Pick<SignatureReport, 'format' | 'packaging' | 'claimedSigningTime'> {
  return {
    format,
    packaging,
    ...(claimedSigningTime && { claimedSigningTime: claimedSigningTime.toISOString() }),
  };
}

/** Nothing passes because a step was forgotten: that would be a bug, and ends as one. */
function assertComplete(result: CryptographicResult, { report }: CertificateResult): void {
  if (result.verdict !== 'PASSED' || !result.algorithms || !report.issuers || !report.status) {
    throw new Error('a signature without a reason against it was not validated to the end');
  }
}
