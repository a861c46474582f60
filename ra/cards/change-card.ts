import type { AuditActor } from '../../audit/audit-event.ts';
import { unreachable } from '../../core/errors.ts';
import type { Transaction } from '../../core/transaction.ts';
import { layHold } from '../holds/lay-hold.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { CARD_TRANSITIONS } from './card.ts';
import type { Card, CardEffect, CardId, CardTransition, OfficerCardAction } from './card.ts';
import type { CardHouse } from './card-house.ts';
import { moveCard } from './move-card.ts';
import { visibleCard } from './visible-card.ts';

export interface CardChangeInput {
  id: CardId;
  action: OfficerCardAction;
  /** Version that the officer has seen. */
  version: number;
  note?: string;
}

/**
 * An officer changes a card, and its certificates follow in the same transaction: a lost card's go on hold, a replaced or
 * destroyed card's are revoked. Resolves when OCSP shows it. Throws RaError `card-unknown`, `card-changed` or
 * `card-state`.
 */
export async function changeCard(house: CardHouse, officer: Officer, input: CardChangeInput): Promise<Card> {
  const { roles, effect }: CardTransition = CARD_TRANSITIONS[input.action];
  assertRole(officer, roles);
  const { id, action, version, note } = input;
  const changed = await house.transactions.transaction(async (tx) => {
    const card = visibleCard(await house.cards.lock(tx, id), officer);
    if (card.version !== version)
      throw new RaError('card-changed', `version ${version} was seen, it is ${card.version} now`);
    const moved = await moveCard(house, tx, actorOf(officer), card, action, {
      ...(note !== undefined && { note }),
    });
    if (effect) await applyToCertificates(house, tx, card, effect, actorOf(officer));
    return moved;
  });
  if (effect) await house.holderStatus.whenVisible();
  return changed;
}

/** What happens to the certificates whose keys are on the card; those that are revoked already stay as they are. */
async function applyToCertificates(
  house: Pick<CardHouse, 'cards' | 'holderStatus' | 'holds' | 'audit' | 'clock'>,
  tx: Transaction,
  { id }: Pick<Card, 'id'>,
  effect: CardEffect,
  actor: AuditActor,
): Promise<void> {
  const requestedBy = actor.kind === 'officer' ? `officer:${actor.id}` : actor.id;
  for (const { authorityId, serialNumber } of await house.cards.certificatesIn(tx, id)) {
    const last = (await house.holderStatus.lockHistory(tx, authorityId, serialNumber)).at(-1);
    if (last?.event === 'revoked') continue;
    const request = { authorityId, serialNumber, requestedBy };
    switch (effect.event) {
      case 'held':
        await layHold(house, tx, { ...request, cause: 'lost' }, actor);
        break;
      case 'revoked':
        await house.holderStatus.changeStatusIn(tx, { ...request, ...effect }, actor);
        break;
      default:
        unreachable(effect);
    }
  }
}
