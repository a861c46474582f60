import type { RevocationReason } from './revocation-reason.ts';

/**
 * What can happen to a certificate's status. `issued` opens each history; `released` undoes `held`;
 * nothing follows `revoked`. OCSP, CRLs and validation all read this one history.
 */
export type StatusEvent = 'issued' | 'held' | 'released' | 'revoked';

/** One row of the status history. */
export interface StatusChange {
  /** Position in the history of the whole deployment: gapless, in the order of commits. */
  changeNumber: number;
  /** Id of the issuing CA, e.g. `bronze`. */
  authorityId: string;
  /** Contents octets of the serial number. */
  serialNumber: Buffer;
  event: StatusEvent;
  /** When it took effect: never earlier than its receipt. Whole seconds, UTC. */
  effectiveAt: Date;
  /** For `held` always certificateHold; for `revoked` the reason; else absent. */
  reason?: RevocationReason;
  /** Since when the key is suspected to be compromised (RFC 5280 §5.3.2). */
  invalidityDate?: Date;
}

/** Status at one moment, as OCSP and CRLs express it; a hold is `revoked` with certificateHold. */
export type CertificateStatus =
  { kind: 'good' } | { kind: 'revoked'; revokedAt: Date; reason: RevocationReason; invalidityDate?: Date };

/**
 * Folds a certificate's changes, in their order, into the status after them; undefined: never issued.
 * With `until`, changes that took effect later do not count.
 */
export function statusAfter(changes: Iterable<StatusChange>, until?: Date): CertificateStatus | undefined {
  let status: CertificateStatus | undefined;
  for (const change of changes) {
    if (until && change.effectiveAt.getTime() > until.getTime()) continue;
    status = applyStatusChange(change);
    // Nothing follows a revocation; whatever a damaged history says, it is never undone.
    if (change.event === 'revoked') return status;
  }
  return status;
}

export function applyStatusChange(
  change: Pick<StatusChange, 'event' | 'effectiveAt' | 'reason' | 'invalidityDate'>,
): CertificateStatus {
  if (change.event === 'issued' || change.event === 'released') return { kind: 'good' };
  return {
    kind: 'revoked',
    revokedAt: change.effectiveAt,
    reason: change.event === 'held' ? 'certificateHold' : (change.reason ?? 'unspecified'),
    ...(change.invalidityDate && { invalidityDate: change.invalidityDate }),
  };
}
