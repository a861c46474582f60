import { statusAfter } from '../../pki/certificate-status.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { nameText } from '../../pki/name.ts';
import type { Reason } from '../reason.ts';
import type { StatusHistory } from '../status-history.ts';
import type { StatusFinding } from './status-finding.ts';
import type { StatusInquiry } from './status-inquiry.ts';

/**
 * `required`: each certificate below the anchor must be known to be good; `if-available`: one of unknown status is let
 * through with a reason that says so; `none`: nothing is asked.
 */
export type RevocationChecking = 'required' | 'if-available' | 'none';

export interface PathStatus {
  /** One for each certificate below the anchor, leaf first; empty when nothing was asked. */
  findings: StatusFinding[];
  reasons: Reason[];
}

/** The deployment's own status history, for certificates that its own authorities issued. */
export interface OwnHistory {
  statusHistory: StatusHistory;
  /** Told why a status could not be read; it is unknown then. */
  onStatusFault?: ((cause: unknown) => void) | undefined;
}

/** Asks for the status of each certificate of the inquiry's path below the anchor: its own authorities' in the history, others' in CRLs and OCSP responses. */
export async function checkPathStatus(
  inquiry: StatusInquiry,
  checking: RevocationChecking,
  own: OwnHistory,
): Promise<PathStatus> {
  if (checking === 'none') return { findings: [], reasons: [notAsked('the certificates of the path')] };
  const { path } = inquiry;
  const findings: StatusFinding[] = [];
  const reasons: Reason[] = [];
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const finding = await findingOf(certificate, path[index + 1], inquiry, own);
    findings.push(finding);
    const vouchedFor = finding.kind === 'unknown' && inquiry.trust.isIntermediate(certificate);
    if (!vouchedFor) reasons.push(...reasonsOf(finding, certificate, { isLeaf: index === 0, checking }));
  }
  return { findings, reasons };
}

async function findingOf(
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry,
  own: OwnHistory,
): Promise<StatusFinding> {
  const recorded = await recordedFinding(certificate, issuer, inquiry.at, own);
  if (recorded) return recorded;
  const finding = inquiry.ask(certificate, issuer);
  if (finding === 'pending') throw new Error('a status was asked for from outside while it was being found');
  return finding;
}

/** Undefined: the issuer is not an authority of this deployment. */
async function recordedFinding(
  certificate: Certificate,
  issuer: Certificate,
  at: Date,
  { statusHistory, onStatusFault }: OwnHistory,
): Promise<StatusFinding | undefined> {
  try {
    const authorityId = await statusHistory.authorityOf(issuer);
    if (authorityId === undefined) return undefined;
    const changes = await statusHistory.changesOf(authorityId, certificate.serialNumber);
    if (changes.length === 0) return { kind: 'unknown', notes: ['its issuer never issued it'] };
    const status = statusAfter(changes, at) ?? { kind: 'good' };
    return { source: 'history', thisUpdate: at, ...status };
  } catch (cause) {
    onStatusFault?.(cause);
    return { kind: 'unknown', notes: ['the status history cannot be read now'] };
  }
}

function reasonsOf(
  finding: StatusFinding,
  certificate: Certificate,
  { isLeaf, checking }: { isLeaf: boolean; checking: RevocationChecking },
): Reason[] {
  // The leaf may be a person's: its name stays out of reasons.
  const whose = isLeaf ? 'the certificate' : nameText(certificate.subject);
  switch (finding.kind) {
    case 'good':
      return [];
    case 'revoked':
      return [revokedReason(finding, whose, isLeaf)];
    case 'unknown': {
      if (checking === 'if-available' && finding.notes.length === 0) return [notAsked(whose)];
      const why =
        finding.notes.length === 0 ? 'no CRL and no OCSP response speaks of it' : finding.notes.join('; ');
      return [{ code: 'status-unavailable', text: `the status of ${whose} is not known: ${why}` }];
    }
  }
}

function revokedReason(
  { revokedAt, reason }: Extract<StatusFinding, { kind: 'revoked' }>,
  whose: string,
  isLeaf: boolean,
): Reason {
  const onHold = reason === 'certificateHold';
  const text = `${whose} ${onHold ? 'has been on hold' : `was revoked (${reason})`} since ${revokedAt.toISOString()}`;
  if (!isLeaf) return { code: 'issuer-revoked', text };
  return { code: onHold ? 'certificate-on-hold' : 'certificate-revoked', text };
}

function notAsked(whose: string): Reason {
  return { code: 'status-not-asked', text: `the status of ${whose} was not asked for` };
}
