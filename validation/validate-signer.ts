import type { Certificate } from '../pki/certificate.ts';
import type { EmbeddedRevocation, SignedData } from '../pki/cms/signed-data.ts';
import type { SignerInfo } from '../pki/cms/signer-info.ts';
import { nameText } from '../pki/name.ts';
import { CMS } from '../pki/oid.ts';
import { applyRules } from './apply-rules.ts';
import { certificateSummary, statusSummary } from './certificate-summary.ts';
import { checkRevocation } from './check-revocation.ts';
import type { RevocationResult } from './check-revocation.ts';
import { weaknessesOfPath, weaknessesOfSignature } from './cryptographic-constraints.ts';
import type { CertificatePath } from './path/build-path.ts';
import { CertificatePool } from './path/certificate-pool.ts';
import { findValidPath } from './path/find-valid-path.ts';
import { WorkBudget } from './path/work-budget.ts';
import { identifySigningCertificate } from './identify-signing-certificate.ts';
import type { ValidationPolicy } from './policy.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import { verdictOf } from './reason.ts';
import type { Reason } from './reason.ts';
import type { SignatureReport } from './report.ts';
import { signerIdentity } from './signer-identity.ts';
import { claimedSigningTime } from './signing-time.ts';
import { openInquiry } from './revocation/ask-status.ts';
import { embeddedEvidence } from './revocation/embedded-evidence.ts';
import { fetchEvidence } from './revocation/fetch-evidence.ts';
import type { RevocationSource } from './revocation/revocation-source.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';
import { verifySignature } from './verify-signature.ts';
import type { CryptographicResult } from './verify-signature.ts';

export interface SignatureContext {
  signedData: SignedData;
  /** The document; undefined: detached and not handed in. */
  content: Uint8Array | undefined;
  proof: ProofOfExistence;
  trust: TrustStore;
  policy: ValidationPolicy;
  statusHistory: StatusHistory;
  onStatusFault?: ((cause: unknown) => void) | undefined;
  revocationSource?: RevocationSource | undefined;
}

/** Validates one signature in the order of ETSI EN 319 102-1 §5.3.4; every step that could not run leaves a reason. */
export async function validateSigner(
  signer: SignerInfo,
  context: SignatureContext,
): Promise<SignatureReport> {
  const { signedData, content, policy } = context;
  const identification = identifySigningCertificate(signer, signedData.certificates, policy);
  const { certificate } = identification;
  const facts = factsOf(signer, signedData);
  if (!certificate) {
    return {
      ...facts,
      ...verdictOf(identification.reasons),
      cryptographic: 'NOT_CHECKED',
      reasons: identification.reasons,
      rules: [],
    };
  }
  const signature = verifySignature(signer, { contentType: signedData.contentType, content }, certificate);
  const trusted = await validateCertificate(certificate, claimedSigningTime(signer), context);
  const constraints = { algorithms: policy.algorithms, at: context.proof.at };
  const reasons = [
    ...identification.reasons,
    ...signature.reasons,
    ...(signature.algorithms ? weaknessesOfSignature(signature.algorithms, certificate, constraints) : []),
    ...trusted.reasons,
  ];
  const verdict = verdictOf(reasons);
  if (verdict.indication === 'TOTAL-PASSED') assertComplete(signature, trusted);
  return {
    ...facts,
    ...verdict,
    cryptographic: signature.verdict,
    reasons,
    ...algorithmsOf(signature),
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
  signingTime: Date | undefined,
  context: SignatureContext,
): Promise<CertificateResult> {
  const { signedData, proof, trust, policy } = context;
  const budget = new WorkBudget();
  const pool = new CertificatePool(signedData.certificates);
  const found = findValidPath(certificate, proof.at, { trust, embedded: pool, budget });
  if (!found.path) return { report: { rules: [] }, reasons: found.reasons };
  const { path } = found;
  const revocation = await checkRevocationOf({ path, pool, budget, signingTime }, context);
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
      ...claimedTooLate(signingTime, proof),
    ],
  };
}

/** With what the signer embedded; where that leaves a status unknown, once more with what can be fetched. */
async function checkRevocationOf(
  found: { path: CertificatePath; pool: CertificatePool; budget: WorkBudget; signingTime: Date | undefined },
  { signedData, proof, trust, statusHistory, onStatusFault, revocationSource }: SignatureContext,
): Promise<RevocationResult> {
  const { path, pool, budget, signingTime } = found;
  const check = (embedded: readonly EmbeddedRevocation[]) => {
    const evidence = () => embeddedEvidence(embedded);
    const inquiry = openInquiry({ evidence, trust, pool, at: proof.at, path, budget });
    return checkRevocation(path, { proof, signingTime, trust, statusHistory, onStatusFault, inquiry });
  };
  const result = await check(signedData.revocation);
  const isOpen = result.reasons.some(({ code }) => code === 'status-unavailable');
  if (!revocationSource || !isOpen) return result;
  return check([...signedData.revocation, ...(await fetchEvidence(path, revocationSource))]);
}

function claimedTooLate(signingTime: Date | undefined, proof: ProofOfExistence): Reason[] {
  if (!signingTime || signingTime.getTime() <= proof.at.getTime()) return [];
  const text = `the signer claims ${signingTime.toISOString()}, later than the signature existed, ${proof.at.toISOString()}`;
  return [{ code: 'signing-time-after-proof', text }];
}

function factsOf(
  signer: SignerInfo,
  signedData: SignedData,
): Pick<SignatureReport, 'format' | 'packaging' | 'claimedSigningTime'> {
  const signingTime = claimedSigningTime(signer);
  return {
    format: bindsItsCertificate(signer) ? 'CAdES' : 'CMS',
    packaging: signedData.content ? 'enveloping' : 'detached',
    ...(signingTime && { claimedSigningTime: signingTime.toISOString() }),
  };
}

function bindsItsCertificate({ signedAttributes }: SignerInfo): boolean {
  const types = signedAttributes?.list.map(({ type }) => type) ?? [];
  return types.includes(CMS.signingCertificateV2) || types.includes(CMS.signingCertificate);
}

function algorithmsOf({ algorithms }: CryptographicResult): Pick<SignatureReport, 'algorithms'> {
  return algorithms ? { algorithms: { digest: algorithms.digest, scheme: algorithms.scheme.kind } } : {};
}

/** Nothing passes because a step was forgotten: that would be a bug, and ends as one. */
function assertComplete(signature: CryptographicResult, { report }: CertificateResult): void {
  if (signature.verdict !== 'PASSED' || !signature.algorithms || !report.issuers || !report.status) {
    throw new Error('a signature without a reason against it was not validated to the end');
  }
}
