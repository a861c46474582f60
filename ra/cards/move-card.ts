import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { RaError } from '../ra-error.ts';
import { CARD_TRANSITIONS } from './card.ts';
import type { Card, CardAction, CardChange, CardTransition } from './card.ts';
import type { CardHouse } from './card-house.ts';

export type MoveDetails = Pick<CardChange, 'applicationId' | 'note'>;

/** Changes a locked card by the state table, with its record and its event; throws RaError `card-state`. */
export async function moveCard(
  house: Pick<CardHouse, 'cards' | 'audit' | 'clock'>,
  tx: Transaction,
  actor: AuditActor,
  card: Card,
  action: CardAction,
  details: MoveDetails & Pick<Card, 'officeId'> = {},
): Promise<Card> {
  const { from, to, event }: CardTransition = CARD_TRANSITIONS[action];
  if (!from.includes(card.state))
    throw new RaError('card-state', `a card that is ${card.state} cannot be changed: ${action}`);
  const at = house.clock.now();
  const { officeId: _, ...rest } = card;
  const office = officeAfter(action, card, details.officeId);
  const moved: Card = { ...rest, ...office, state: to, version: card.version + 1, changedAt: at };
  const { applicationId, note } = details;
  await house.cards.change(tx, moved, {
    cardId: card.id,
    version: moved.version,
    action,
    to,
    ...office,
    ...(applicationId && { applicationId }),
    ...(note !== undefined && { note }),
    changedBy: actor.kind === 'officer' ? actor.id : 'service',
    changedAt: at,
  });
  await house.audit.record(tx, {
    at,
    actor,
    action: event,
    outcome: 'accepted',
    subject: subjectOfCard(card),
    details: {
      version: moved.version,
      from: card.state,
      to,
      ...(moved.officeId && { office: moved.officeId }),
      ...(applicationId && { application: applicationId }),
    },
  });
  return moved;
}

function officeAfter(action: CardAction, card: Card, given: Card['officeId']): Pick<Card, 'officeId'> {
  const officeId = action === 'take-back' ? undefined : (given ?? card.officeId);
  return officeId ? { officeId } : {};
}

/** How events name a card. */
export function subjectOfCard({ id }: Pick<Card, 'id'>): string {
  return `card:${id}`;
}
