import { actorOf, assertRole } from '../officer.ts';
import type { OfficeId, Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { CARD_TRANSITIONS } from './card.ts';
import type { Card } from './card.ts';
import type { CardHouse } from './card-house.ts';
import { moveCard } from './move-card.ts';
import { visibleCard } from './visible-card.ts';

/** Cards in one parcel. */
export const CARDS_PER_ASSIGNMENT_MAX = 500;

/**
 * Sends cards to an office, all or none; those that are there already stay. Throws RaError `office-unknown`, `card-unknown` or
 * `card-state`.
 */
export async function assignCards(
  house: Pick<CardHouse, 'cards' | 'offices' | 'audit' | 'transactions' | 'clock'>,
  officer: Officer,
  { officeId, serials }: { officeId: OfficeId; serials: readonly string[] },
): Promise<Card[]> {
  assertRole(officer, CARD_TRANSITIONS.assign.roles);
  return house.transactions.transaction(async (tx) => {
    const office = await house.offices.find(tx, officeId);
    if (!office) throw new RaError('office-unknown', 'no such office');
    const assigned: Card[] = [];
    // In one order for everybody, so that two parcels at once do not wait for each other.
    for (const serial of [...new Set(serials)].sort()) {
      const card = visibleCard(await house.cards.lockBySerial(tx, serial), officer);
      const isThere = card.state === 'in-stock' && card.officeId === officeId;
      assigned.push(
        isThere ? card : await moveCard(house, tx, actorOf(officer), card, 'assign', { officeId }),
      );
    }
    return assigned;
  });
}
