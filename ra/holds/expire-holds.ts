import type { AuditActor } from '../../audit/audit-event.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { HOLD_SECONDS_MAX, RUNS_OUT_TO } from './hold-cause.ts';
import type { HoldHouse } from './hold-house.ts';
import { subjectOf } from './lay-hold.ts';
import type { OverdueHold } from './hold-store.ts';

/** Certificates in one round; the next round takes the others. */
const CERTIFICATES_MAX = 200;

const SERVICE: AuditActor = { kind: 'service', id: 'hold-expiry' };

export type HoldExpiryHouse = HoldHouse & {
  transactions: TransactionRunner;
  /** Told of each certificate that could not be revoked: the next round tries again. */
  onHoldFailure(error: unknown): void;
};

/**
 * Revokes what has been on hold for seven days, whatever else has held it and whoever has lifted that; a hold by the Council
 * alone lasts until the Council ends it. Returns how many were revoked.
 */
export async function expireHolds(house: HoldExpiryHouse): Promise<number> {
  const now = house.clock.now();
  const laidUntil = new Date(now.getTime() - HOLD_SECONDS_MAX * 1000);
  const overdue = await house.holds.overdue(laidUntil, now, CERTIFICATES_MAX);
  let revoked = 0;
  for (const hold of onePerCertificate(overdue)) {
    try {
      await revoke(house, hold);
      revoked += 1;
    } catch (error) {
      // Somebody released or revoked it at this very moment, or the database is away.
      house.onHoldFailure(error);
    }
  }
  if (revoked > 0) await house.holderStatus.whenVisible();
  return revoked;
}

/** A loss weighs more than an order: it says something of the key. */
function onePerCertificate(overdue: readonly OverdueHold[]): Iterable<OverdueHold> {
  const bySubject = new Map<string, OverdueHold>();
  for (const hold of overdue) {
    const known = bySubject.get(subjectOf(hold));
    if (!known || (known.cause !== 'lost' && hold.cause === 'lost')) bySubject.set(subjectOf(hold), hold);
  }
  return bySubject.values();
}

async function revoke(house: HoldExpiryHouse, hold: OverdueHold): Promise<void> {
  const { authorityId, serialNumber, cause, laidAt, lastChangeNumber: after } = hold;
  const { reason, sinceHold } = RUNS_OUT_TO[cause];
  const request = {
    authorityId,
    serialNumber,
    event: 'revoked' as const,
    reason,
    ...(sinceHold && { invalidityDate: laidAt }),
    requestedBy: 'service:hold-expiry',
    after,
  };
  await house.transactions.transaction(async (tx) => {
    const standing = await standingUnderLock(house, tx, hold);
    // Lifted since it was found; the others have their own time.
    if (standing) await house.holderStatus.changeStatusIn(tx, request, SERVICE);
  });
}

async function standingUnderLock(
  { holderStatus, holds }: HoldHouse,
  tx: Parameters<HoldHouse['holds']['standing']>[0],
  { id, authorityId, serialNumber }: OverdueHold,
): Promise<boolean> {
  await holderStatus.lockHistory(tx, authorityId, serialNumber);
  return (await holds.standing(tx, authorityId, serialNumber)).some((one) => one.id === id);
}
