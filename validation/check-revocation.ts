import type { Certificate } from '../pki/certificate.ts';
import { statusAfter } from '../pki/certificate-status.ts';
import type { CertificateStatus, StatusChange } from '../pki/certificate-status.ts';
import { nameText } from '../pki/name.ts';
import type { CertificatePath } from './path/build-path.ts';
import { isWorkLimit } from './path/work-budget.ts';
import { holdsBefore, judgeStatus } from './judge-status.ts';
import type { StatusQuestion } from './judge-status.ts';
import type { PastHold } from './past-holds.ts';
import type { Reason } from './reason.ts';
import type { RevocationFacts, StatusFinding } from './revocation/status-finding.ts';
import type { StatusInquiry } from './revocation/status-inquiry.ts';
import type { StatusHistory } from './status-history.ts';
import type { TrustStore } from './trust-store.ts';

export interface RevocationResult {
  /** Status of the leaf at the proof of existence, and now; absent: not to be had. */
  status?: { atProof: CertificateStatus; now: CertificateStatus; pastHolds: readonly PastHold[] };
  reasons: Reason[];
  /**
   * Whether a status of another authority's certificate is from before the proof of existence: it may have been revoked between
   * them, and what a signer embeds is what the signer liked.
   */
  mayBeOutdated: boolean;
}

export interface RevocationInputs extends StatusQuestion {
  trust: TrustStore;
  statusHistory: StatusHistory;
  /** Asked for certificates that other authorities issued, with what is proven to be older than a moment, or with everything. */
  inquiry: (provenBefore?: Date) => StatusInquiry;
  /** Since when a certificate of the path is proven to exist. */
  provenAt: (certificate: Certificate) => Date;
  /** How old the last word on a foreign certificate may be at the proof of existence; absent: until its nextUpdate. */
  freshnessSeconds?: number | undefined;
  /** Now, where the time slides to statuses that are not fresh any more; absent: to revocations alone. */
  slidesFrom?: Date | undefined;
  /** Told why a status could not be read; the verdict is TRY_LATER. */
  onStatusFault?: ((cause: unknown) => void) | undefined;
}

/**
 * Asks for the status of each certificate on a path: of what the deployment issued in its history, where what a signer
 * embeds is never newer; of others' in CRLs and OCSP responses. No answer is never taken for a good one.
 *
 * From the anchor down, as the time slides in ETSI EN 319 102-1 §5.6.2.2: where an issuer was revoked after the signature was
 * time-stamped, what it issued, certificate or status, counts only with a proof that it is older than the revocation; and where the
 * policy wants it, older than the last status of the issuer, when that has aged.
 */
export async function checkRevocation(
  path: CertificatePath,
  inputs: RevocationInputs,
): Promise<RevocationResult> {
  const reasons: Reason[] = [];
  let trustEnds: TrustEnd | undefined;
  let mayBeOutdated = false;
  for (let index = path.length - 2; index > 0; index -= 1) {
    const known = await knownStatus(path[index], path[index + 1], trustEnds, inputs);
    mayBeOutdated ||= isOutdated(known, inputs);
    reasons.push(...issuerReasons(path[index], known?.changes, trustEnds, inputs));
    trustEnds = earlier(trustEnds, endOfTrust(known, trustEnds, inputs));
  }
  const [leaf, issuer] = path;
  const known = await knownStatus(leaf, issuer, trustEnds, inputs);
  mayBeOutdated ||= isOutdated(known, inputs);
  if (!known) return { reasons: [...reasons, unavailable("the signer's certificate")], mayBeOutdated };
  const { changes } = known;
  if (changes.length === 0) {
    const text = "the issuing CA has no record of having issued the signer's certificate";
    return { reasons: [...reasons, { code: 'status-never-issued', text }], mayBeOutdated };
  }
  reasons.push(...unproven("the signer's certificate", leaf, trustEnds, inputs));
  reasons.push(...signedTooLate(endOfTrust(known, trustEnds, inputs), inputs));
  const atProof = statusAfter(changes, inputs.proof.at) ?? { kind: 'good' };
  const now = statusAfter(changes) ?? { kind: 'good' };
  const status = { atProof, now, pastHolds: holdsBefore(changes, inputs) };
  return { status, reasons: [...reasons, ...judgeStatus(changes, inputs)], mayBeOutdated };
}

/** What is known of a certificate; `madeAt` of what others say, and absent of the deployment's history, which is never old. */
interface KnownStatus {
  changes: readonly StatusChange[];
  madeAt?: Date;
  until?: Date | undefined;
}

/** Since when nothing of an issuer counts unless it is proven to be older. */
interface TrustEnd {
  at: Date;
  because: 'revoked' | 'aged';
}

function isOutdated(known: KnownStatus | undefined, { proof }: RevocationInputs): boolean {
  return known?.madeAt !== undefined && known.madeAt.getTime() < proof.at.getTime();
}

/** Issuing CAs that the deployment vouches for need no status of their own; others do, up to the anchor. */
function issuerReasons(
  certificate: Certificate,
  changes: readonly StatusChange[] | undefined,
  trustEnds: TrustEnd | undefined,
  inputs: RevocationInputs,
): Reason[] {
  const name = nameText(certificate.subject);
  const reasons = unproven(name, certificate, trustEnds, inputs);
  if (!changes?.length)
    return inputs.trust.isIntermediate(certificate) ? reasons : [...reasons, unavailable(name)];
  const status = statusAfter(changes, inputs.proof.at);
  if (status?.kind !== 'revoked') return reasons;
  const text = `${name} was revoked (${status.reason}) at ${status.revokedAt.toISOString()}`;
  return [...reasons, { code: 'issuer-revoked', text }];
}

/**
 * A time stamp proves the signature and nothing else, unless more is under it. With a receipt time the relying party answers
 * for all that it received; without any proof nothing is asked for an earlier moment than now.
 */
function endOfTrust(
  known: KnownStatus | undefined,
  trustEnds: TrustEnd | undefined,
  { proof, slidesFrom }: RevocationInputs,
): TrustEnd | undefined {
  if (!known || proof.source !== 'time-stamp') return undefined;
  const status = statusAfter(known.changes);
  if (status?.kind === 'revoked') return { at: status.revokedAt, because: 'revoked' };
  const { madeAt, until } = known;
  if (!slidesFrom || !madeAt || !until) return undefined;
  const asOf = trustEnds?.at ?? slidesFrom;
  return until.getTime() < asOf.getTime() ? { at: madeAt, because: 'aged' } : undefined;
}

/** §5.6.2.4: the signature must be older than the last status of its certificate, when that has aged. */
function signedTooLate(end: TrustEnd | undefined, { proof }: RevocationInputs): Reason[] {
  if (end?.because !== 'aged' || proof.at.getTime() <= end.at.getTime()) return [];
  const text = `the last status of the signer's certificate is of ${end.at.toISOString()}, before the signature is proven to exist, and not fresh any more`;
  return [{ code: 'status-unavailable', text }];
}

function unproven(
  whose: string,
  certificate: Certificate,
  trustEnds: TrustEnd | undefined,
  { provenAt }: RevocationInputs,
): Reason[] {
  if (!trustEnds || provenAt(certificate).getTime() < trustEnds.at.getTime()) return [];
  const older = `nothing proves that ${whose} is older than ${trustEnds.at.toISOString()}`;
  return trustEnds.because === 'revoked'
    ? [{ code: 'issuer-revoked-no-proof', text: `${older}, when an issuer above it was revoked` }]
    : [
        {
          code: 'status-unavailable',
          text: `${older}, the last status of an issuer above it, which has aged`,
        },
      ];
}

/** Undefined: there is no status to be had. */
async function knownStatus(
  certificate: Certificate,
  issuer: Certificate,
  trustEnds: TrustEnd | undefined,
  inputs: RevocationInputs,
): Promise<KnownStatus | undefined> {
  const { statusHistory, onStatusFault } = inputs;
  try {
    const authorityId = await statusHistory.authorityOf(issuer);
    if (authorityId !== undefined)
      return { changes: await statusHistory.changesOf(authorityId, certificate.serialNumber) };
  } catch (cause) {
    onStatusFault?.(cause);
    return undefined;
  }
  return foreignStatus(certificate, issuer, trustEnds, inputs);
}

/** The status of a certificate that is not of this deployment, by CRLs and OCSP responses, as if it were a history. */
function foreignStatus(
  certificate: Certificate,
  issuer: Certificate,
  trustEnds: TrustEnd | undefined,
  inputs: RevocationInputs,
): KnownStatus | undefined {
  const finding = findingWithin(certificate, issuer, inputs.inquiry(trustEnds?.at));
  if (!finding || finding.kind === 'unknown' || isStale(finding, inputs)) return undefined;
  const issued = issuedChange(certificate);
  const facts = finding.kind === 'good' ? finding.revokedLater : finding;
  return {
    changes: facts ? [issued, revokedChange(issued, facts)] : [issued],
    madeAt: finding.thisUpdate,
    until: finding.kind === 'good' ? finding.until : undefined,
  };
}

function issuedChange({ serialNumber, notBefore }: Certificate): StatusChange {
  return { authorityId: 'foreign', serialNumber, changeNumber: 0, event: 'issued', effectiveAt: notBefore };
}

function revokedChange(
  { authorityId, serialNumber }: StatusChange,
  { reason, revokedAt, invalidityDate }: RevocationFacts,
): StatusChange {
  const event = reason === 'certificateHold' ? 'held' : 'revoked';
  const change = {
    authorityId,
    serialNumber,
    changeNumber: 1,
    event,
    effectiveAt: revokedAt,
    reason,
  } as const;
  return { ...change, ...(invalidityDate && { invalidityDate }) };
}

/** EN 319 102-1 §5.2.5: a status that is older than the policy lets it be says nothing of the moment that is asked for. */
function isStale(
  { kind, thisUpdate }: Extract<StatusFinding, { thisUpdate: Date }>,
  { freshnessSeconds, proof }: RevocationInputs,
): boolean {
  if (freshnessSeconds === undefined || kind === 'revoked') return false;
  return thisUpdate.getTime() + freshnessSeconds * 1000 < proof.at.getTime();
}

/** Undefined also when asking would take more work than one validation may. */
function findingWithin(
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry,
): StatusFinding | undefined {
  try {
    const finding = inquiry.ask(certificate, issuer);
    return finding === 'pending' ? undefined : finding;
  } catch (cause) {
    if (!isWorkLimit(cause)) throw cause;
    return undefined;
  }
}

function earlier(a: TrustEnd | undefined, b: TrustEnd | undefined): TrustEnd | undefined {
  if (!a || !b) return a ?? b;
  return a.at.getTime() <= b.at.getTime() ? a : b;
}

function unavailable(whose: string): Reason {
  return { code: 'status-unavailable', text: `the status of ${whose} cannot be had now` };
}
