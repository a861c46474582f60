import { wholeSeconds } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditBatchLog } from '../../audit/audit-log.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { CaError } from '../ca-error.ts';
import { ACTIONS, HOLDER_REASONS, statusDetails } from './change-status.ts';
import type { CertificateId, StatusBatchStore } from './status-store.ts';

export interface RevokeAllHouse {
  statuses: StatusBatchStore;
  audit: AuditBatchLog;
  transactions: TransactionRunner;
  clock: Clock;
}

export interface RevokeAllRequest {
  certificates: readonly CertificateId[];
  reason: RevocationReason;
  requestedBy: string;
  /** Goes into each event. */
  details: Record<string, string>;
}

export type RevokeOutcome = 'revoked' | 'was-revoked' | 'certificate-unknown';

/**
 * Revokes a batch as `changeStatus` does one: checks, changes and events in one transaction. One outcome for each, in their
 * order; what is revoked already stays as it is. Throws CaError `status-reason`.
 */
export async function revokeAll(
  house: RevokeAllHouse,
  request: RevokeAllRequest,
  actor: AuditActor,
): Promise<RevokeOutcome[]> {
  const { certificates, reason, requestedBy } = request;
  if (!HOLDER_REASONS.includes(reason))
    throw new CaError('status-reason', `${reason} is not among ${HOLDER_REASONS.join(', ')}`);
  return house.transactions.transaction(async (tx) => {
    const now = house.clock.now();
    const last = new Map(
      (await house.statuses.lockAndReadLast(tx, certificates)).map((change) => [keyOf(change), change]),
    );
    const outcomes: RevokeOutcome[] = [];
    const ending: StatusChange[] = [];
    for (const certificate of certificates) {
      const change = last.get(keyOf(certificate));
      outcomes.push(!change ? 'certificate-unknown' : change.event === 'revoked' ? 'was-revoked' : 'revoked');
      if (change && change.event !== 'revoked') ending.push(change);
      // Named twice in a batch, it is revoked once.
      if (change) last.set(keyOf(certificate), { ...change, event: 'revoked' });
    }
    const changes = await house.statuses.appendAll(
      tx,
      ending.map(({ authorityId, serialNumber, effectiveAt }) => ({
        authorityId,
        serialNumber,
        event: 'revoked' as const,
        // A clock that was set back must not order history backwards.
        effectiveAt: new Date(Math.max(wholeSeconds(now).getTime(), effectiveAt.getTime())),
        reason,
        requestedBy,
      })),
    );
    await house.audit.recordAll(
      tx,
      changes.map(({ authorityId, serialNumber, ...change }) => ({
        at: now,
        actor,
        action: ACTIONS.revoked,
        outcome: 'accepted' as const,
        subject: `certificate:${authorityId}/${serialNumber.toString('hex')}`,
        details: { ...statusDetails(change), requestedBy, ...request.details },
      })),
    );
    return outcomes;
  });
}

function keyOf({ authorityId, serialNumber }: CertificateId): string {
  return `${authorityId}/${serialNumber.toString('hex')}`;
}
