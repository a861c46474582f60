import type { Certificate } from '../pki/certificate.ts';
import { statusAfter } from '../pki/certificate-status.ts';
import type { CertificateStatus, StatusChange } from '../pki/certificate-status.ts';
import { nameText } from '../pki/name.ts';
import type { CertificatePath } from './path/build-path.ts';
import { isWorkLimit } from './path/work-budget.ts';
import { judgeStatus } from './judge-status.ts';
import type { ProofOfExistence } from './proof-of-existence.ts';
import type { Reason } from './reason.ts';
import type { StatusFinding } from './revocation/status-finding.ts';
import type { StatusInquiry } from './revocation/status-inquiry.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';

export interface RevocationResult {
  /** Status of the signer's certificate at the proof of existence, and now; absent: not to be had. */
  status?: { atProof: CertificateStatus; now: CertificateStatus };
  reasons: Reason[];
}

export interface RevocationInputs {
  proof: ProofOfExistence;
  signingTime: Date | undefined;
  trust: TrustStore;
  statusHistory: StatusHistory;
  /** Asked for certificates that other authorities issued; absent: nothing is known of them. */
  inquiry?: StatusInquiry | undefined;
  /** Told why a status could not be read; the verdict is TRY_LATER. */
  onStatusFault?: ((cause: unknown) => void) | undefined;
}

/**
 * Asks for the status of each certificate on a path: of what the deployment issued in its history, where what a signer
 * embeds is never newer; of others' in CRLs and OCSP responses. No answer is never taken for a good one.
 */
export async function checkRevocation(
  path: CertificatePath,
  inputs: RevocationInputs,
): Promise<RevocationResult> {
  const [leaf, issuer, ...above] = path;
  const issuerReasons = await checkIssuers([issuer, ...above], inputs);
  const changes = await changesOf(leaf, issuer, inputs);
  if (!changes) return { reasons: [...issuerReasons, unavailable("the signer's certificate")] };
  if (changes.length === 0) {
    const text = "the issuing CA has no record of having issued the signer's certificate";
    return { reasons: [...issuerReasons, { code: 'status-never-issued', text }] };
  }
  const atProof = statusAfter(changes, inputs.proof.at) ?? { kind: 'good' };
  const now = statusAfter(changes) ?? { kind: 'good' };
  return { status: { atProof, now }, reasons: [...issuerReasons, ...judgeStatus(changes, inputs)] };
}

/** Issuing CAs that the deployment vouches for need no status of their own; others do, up to the anchor. */
async function checkIssuers(issuers: CertificatePath, inputs: RevocationInputs): Promise<Reason[]> {
  const reasons: Reason[] = [];
  for (const [index, certificate] of issuers.slice(0, -1).entries()) {
    const changes = await changesOf(certificate, issuers[index + 1], inputs);
    if (!changes?.length) {
      if (!inputs.trust.isIntermediate(certificate)) reasons.push(unavailable(nameText(certificate.subject)));
      continue;
    }
    const status = statusAfter(changes, inputs.proof.at);
    if (status?.kind !== 'revoked') continue;
    const text = `${nameText(certificate.subject)} was revoked (${status.reason}) at ${status.revokedAt.toISOString()}`;
    reasons.push({ code: 'issuer-revoked', text });
  }
  return reasons;
}

/** Undefined: there is no status to be had. */
async function changesOf(
  certificate: Certificate,
  issuer: Certificate,
  { statusHistory, onStatusFault, inquiry }: RevocationInputs,
): Promise<readonly StatusChange[] | undefined> {
  try {
    const authorityId = await statusHistory.authorityOf(issuer);
    if (authorityId !== undefined)
      return await statusHistory.changesOf(authorityId, certificate.serialNumber);
  } catch (cause) {
    onStatusFault?.(cause);
    return undefined;
  }
  return foreignChanges(certificate, issuer, inquiry);
}

/** The status of a certificate that is not of this deployment, by CRLs and OCSP responses, as if it were a history. */
function foreignChanges(
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry | undefined,
): readonly StatusChange[] | undefined {
  const finding = findingWithin(certificate, issuer, inquiry);
  if (!finding || finding.kind === 'unknown') return undefined;
  const { serialNumber, notBefore } = certificate;
  const of = { authorityId: 'foreign', serialNumber };
  const issued: StatusChange = { ...of, changeNumber: 0, event: 'issued', effectiveAt: notBefore };
  if (finding.kind === 'good') return [issued];
  const { reason, revokedAt, invalidityDate } = finding;
  const event = reason === 'certificateHold' ? 'held' : 'revoked';
  const change = { ...of, changeNumber: 1, event, effectiveAt: revokedAt, reason } as const;
  return [issued, { ...change, ...(invalidityDate && { invalidityDate }) }];
}

/** Undefined also when asking would take more work than one validation may. */
function findingWithin(
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry | undefined,
): StatusFinding | undefined {
  try {
    const finding = inquiry?.ask(certificate, issuer);
    return finding === 'pending' ? undefined : finding;
  } catch (cause) {
    if (!isWorkLimit(cause)) throw cause;
    return undefined;
  }
}

function unavailable(whose: string): Reason {
  return { code: 'status-unavailable', text: `the status of ${whose} cannot be had now` };
}
