import { newId } from '../../core/ids.ts';
import { originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { HOLD_ROLES } from './evidence.ts';
import type { EvidenceHouse, LegalHold, LegalHoldId } from './evidence-house.ts';

/** Keeps the papers of an application beyond their time, by an order from outside. */
export async function layLegalHold(
  house: EvidenceHouse,
  officer: Officer,
  applicationId: ApplicationId,
  orderNumber: string,
): Promise<LegalHold> {
  assertRole(officer, HOLD_ROLES);
  await readApplication(house, officer, applicationId);
  const hold: LegalHold = {
    id: newId(house.clock),
    applicationId,
    orderNumber,
    laidBy: officer.id,
    laidAt: house.clock.now(),
  };
  await house.transactions.transaction(async (tx) => {
    await house.evidence.insertHold(tx, hold);
    await house.audit.record(tx, {
      at: hold.laidAt,
      actor: actorOf(officer),
      action: 'lay-legal-hold',
      outcome: 'accepted',
      subject: originOf(applicationId),
      details: { hold: hold.id, orderNumber },
    });
  });
  return hold;
}

/** Ends it; throws RaError `legal-hold-unknown`. */
export async function liftLegalHold(
  house: EvidenceHouse,
  officer: Officer,
  applicationId: ApplicationId,
  id: LegalHoldId,
): Promise<void> {
  assertRole(officer, HOLD_ROLES);
  await readApplication(house, officer, applicationId);
  await house.transactions.transaction(async (tx) => {
    const at = house.clock.now();
    if (!(await house.evidence.liftHold(tx, { id, applicationId }, officer.id, at)))
      throw new RaError('legal-hold-unknown', 'no such hold stands on this application');
    await house.audit.record(tx, {
      at,
      actor: actorOf(officer),
      action: 'lift-legal-hold',
      outcome: 'accepted',
      subject: originOf(applicationId),
      details: { hold: id },
    });
  });
}
