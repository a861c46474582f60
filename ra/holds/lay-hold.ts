import type { AuditActor } from '../../audit/audit-event.ts';
import { newId } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { HoldCause, HoldCauseKind } from './hold-cause.ts';
import type { HoldHouse } from './hold-house.ts';

export interface HoldRequest {
  authorityId: string;
  serialNumber: Buffer;
  cause: HoldCauseKind;
  requestedBy: string;
}

/** The change that holds the certificate, and all causes that stand now, oldest first. */
export interface LaidHold {
  change: StatusChange;
  causes: HoldCause[];
  /** Whether the certificate was good before. */
  isNew: boolean;
}

/**
 * Lays a cause on a certificate, in the caller's transaction: a good one goes on hold; one that is on hold keeps its hold and has
 * one cause more, or the same ones when this cause stands already. Rejects as the CA does for a revoked certificate.
 */
export async function layHold(
  house: HoldHouse,
  tx: Transaction,
  request: HoldRequest,
  actor: AuditActor,
): Promise<LaidHold> {
  const { authorityId, serialNumber, requestedBy, cause } = request;
  const last = (await house.holderStatus.lockHistory(tx, authorityId, serialNumber)).at(-1);
  if (last?.event !== 'held') {
    const held = { authorityId, serialNumber, event: 'held' as const, requestedBy };
    const change = await house.holderStatus.changeStatusIn(tx, held, actor);
    return { change, causes: [await layCause(house, tx, request, change)], isNew: true };
  }
  const standing = await house.holds.standing(tx, authorityId, serialNumber);
  if (standing.some((one) => one.cause === cause)) return { change: last, causes: standing, isNew: false };
  const added = await layCause(house, tx, request, last);
  await house.audit.record(tx, {
    at: added.laidAt,
    actor,
    action: 'add-hold-cause',
    outcome: 'accepted',
    subject: subjectOf(request),
    details: { cause, causeId: added.id, requestedBy },
  });
  return { change: last, causes: [...standing, added], isNew: false };
}

async function layCause(
  { holds, clock }: HoldHouse,
  tx: Transaction,
  { authorityId, serialNumber, cause, requestedBy }: HoldRequest,
  { changeNumber }: StatusChange,
): Promise<HoldCause> {
  const laid: HoldCause = {
    id: newId(clock),
    authorityId,
    serialNumber,
    cause,
    holdChangeNumber: changeNumber,
    laidAt: clock.now(),
    laidBy: requestedBy,
  };
  await holds.lay(tx, laid);
  return laid;
}

/** How events name a certificate. */
export function subjectOf({ authorityId, serialNumber }: Pick<HoldRequest, 'authorityId' | 'serialNumber'>) {
  return `certificate:${authorityId}/${serialNumber.toString('hex')}`;
}
