import type { Clock } from '../../core/clock.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { AuditActor } from '../../audit/audit-event.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { StatusChange, StatusEvent } from '../../pki/certificate-status.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { CaError } from '../ca-error.ts';
import type { StatusStore } from './status-store.ts';

export interface StatusRequest {
  authorityId: string;
  serialNumber: Buffer;
  event: Exclude<StatusEvent, 'issued'>;
  /** For `revoked` only. */
  reason?: RevocationReason;
  /** For `revoked` with keyCompromise: since when the key is suspected; not in the future. */
  invalidityDate?: Date;
  requestedBy: string;
  /** Number of the change that must still be the certificate's last; absent: whatever was before. */
  after?: number;
}

export interface StatusHouse {
  statuses: StatusStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

/** Which events may follow the last one; nothing follows `revoked`. */
const NEXT_EVENTS: Record<StatusEvent, readonly StatusEvent[]> = {
  issued: ['held', 'revoked'],
  held: ['released', 'revoked'],
  released: ['held', 'revoked'],
  revoked: [],
};

/** Before any certificate of the sector; also keeps out years that GeneralizedTime, and so the CRL, cannot express. */
const INVALIDITY_DATE_MIN = new Date('2000-01-01T00:00:00Z');

/** Reasons that say something of a holder's certificate; the others belong to CRL mechanics or to authorities. */
export const HOLDER_REASONS: readonly RevocationReason[] = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];

/**
 * Holds, releases or revokes: checks, change and audit event in one transaction. The revocation date is the moment of
 * receipt, never earlier. Throws CaError `certificate-unknown`, `status-transition` or `status-reason`.
 */
export async function changeStatus(
  house: StatusHouse,
  request: StatusRequest,
  actor: AuditActor,
): Promise<StatusChange> {
  return house.transactions.transaction((tx) => changeStatusIn(house, tx, request, actor));
}

/** The same as a part of a transaction of the caller's. */
export async function changeStatusIn(
  house: Omit<StatusHouse, 'transactions'>,
  tx: Transaction,
  request: StatusRequest,
  actor: AuditActor,
): Promise<StatusChange> {
  const now = house.clock.now();
  assertReason(request, now);
  const history = await house.statuses.lockAndRead(tx, request.authorityId, request.serialNumber);
  assertTransition(request, history);
  const change = await house.statuses.append(tx, {
    authorityId: request.authorityId,
    serialNumber: request.serialNumber,
    event: request.event,
    effectiveAt: effectiveAt(now, history),
    requestedBy: request.requestedBy,
    ...(request.event === 'held' && { reason: 'certificateHold' as const }),
    ...(request.event === 'revoked' && { reason: request.reason ?? 'unspecified' }),
    ...(request.invalidityDate && { invalidityDate: wholeSeconds(request.invalidityDate) }),
  });
  await house.audit.record(tx, {
    at: now,
    actor,
    action: ACTIONS[request.event],
    outcome: 'accepted',
    subject: `certificate:${request.authorityId}/${request.serialNumber.toString('hex')}`,
    details: {
      ...statusDetails(change),
      requestedBy: request.requestedBy,
    },
  });
  return change;
}

export const ACTIONS: Record<StatusRequest['event'], string> = {
  held: 'hold-certificate',
  released: 'release-certificate',
  revoked: 'revoke-certificate',
};

/** What events tell of a status change: all that it takes to make it again from the log. */
export function statusDetails(
  change: Pick<StatusChange, 'changeNumber' | 'effectiveAt' | 'reason' | 'invalidityDate'>,
): Record<string, string | number | null> {
  return {
    changeNumber: change.changeNumber,
    effectiveAt: change.effectiveAt.toISOString(),
    reason: change.reason ?? null,
    ...(change.invalidityDate && { invalidityDate: change.invalidityDate.toISOString() }),
  };
}

function assertReason({ event, reason, invalidityDate }: StatusRequest, now: Date): void {
  if (event !== 'revoked' && (reason !== undefined || invalidityDate !== undefined)) {
    throw new CaError('status-reason', `${event} takes neither a reason nor an invalidity date`);
  }
  if (reason !== undefined && !HOLDER_REASONS.includes(reason)) {
    const allowed = HOLDER_REASONS.join(', ');
    throw new CaError('status-reason', `${reason} (${REVOCATION_REASONS[reason]}) is not among ${allowed}`);
  }
  if (invalidityDate && !(INVALIDITY_DATE_MIN <= invalidityDate && invalidityDate <= now)) {
    const [first, last] = [INVALIDITY_DATE_MIN, now].map((date) => date.toISOString());
    throw new CaError('status-reason', `the invalidity date is not between ${first} and ${last}`);
  }
}

function assertTransition({ event, after }: StatusRequest, history: readonly StatusChange[]): void {
  const last = history.at(-1);
  if (!last) throw new CaError('certificate-unknown', 'no such certificate');
  if (!NEXT_EVENTS[last.event].includes(event)) {
    throw new CaError('status-transition', `a certificate that is ${last.event} cannot be ${event}`);
  }
  if (after !== undefined && last.changeNumber !== after) {
    throw new CaError('status-transition', `change ${last.changeNumber} has come after ${after}`);
  }
}

/** A clock that was set back must not order history backwards. */
function effectiveAt(now: Date, history: readonly StatusChange[]): Date {
  const last = history.at(-1)?.effectiveAt.getTime() ?? 0;
  return new Date(Math.max(wholeSeconds(now).getTime(), last));
}
