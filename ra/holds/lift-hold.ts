import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { HoldCause, HoldCauseKind } from './hold-cause.ts';
import type { HoldHouse } from './hold-house.ts';
import { subjectOf } from './lay-hold.ts';

export interface LiftRequest {
  authorityId: string;
  serialNumber: Buffer;
  /** Which causes may go. */
  causes: readonly HoldCauseKind[];
  requestedBy: string;
}

/** What lifting has come to. */
export type LiftOutcome =
  /** No cause is left: the certificate is good again. */
  | { kind: 'released'; change: StatusChange }
  /** Others keep it on hold. `lifted`: how many went. */
  | { kind: 'still-held'; change: StatusChange; causes: HoldCause[]; lifted: number };

/**
 * Lifts causes in the caller's transaction, and releases the certificate when none is left. Rejects as the CA does for one that
 * is not on hold.
 */
export async function liftHold(
  house: HoldHouse,
  tx: Transaction,
  request: LiftRequest,
  actor: AuditActor,
): Promise<LiftOutcome> {
  const { authorityId, serialNumber, requestedBy } = request;
  const last = (await house.holderStatus.lockHistory(tx, authorityId, serialNumber)).at(-1);
  const standing = await house.holds.standing(tx, authorityId, serialNumber);
  const lifted = standing.filter(({ cause }) => request.causes.includes(cause));
  const left = standing.filter(({ cause }) => !request.causes.includes(cause));
  if (last?.event === 'held' && left.length > 0) {
    await liftAll(house, tx, request, lifted, actor);
    return { kind: 'still-held', change: last, causes: left, lifted: lifted.length };
  }
  const release = { authorityId, serialNumber, event: 'released' as const, requestedBy };
  const change = await house.holderStatus.changeStatusIn(tx, release, actor);
  await liftAll(house, tx, request, lifted, actor);
  return { kind: 'released', change };
}

async function liftAll(
  { holds, audit, clock }: HoldHouse,
  tx: Transaction,
  request: LiftRequest,
  lifted: readonly HoldCause[],
  actor: AuditActor,
): Promise<void> {
  const at = clock.now();
  for (const { id, cause } of lifted) {
    await holds.lift(tx, id, at, request.requestedBy);
    await audit.record(tx, {
      at,
      actor,
      action: 'lift-hold-cause',
      outcome: 'accepted',
      subject: subjectOf(request),
      details: { cause, causeId: id, requestedBy: request.requestedBy },
    });
  }
}
