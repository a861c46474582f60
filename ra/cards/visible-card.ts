import { seesAllOffices } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import type { Card } from './card.ts';

/** The card, if the officer may see it; throws RaError `card-unknown`: one of another office does not exist for them. */
export function visibleCard(card: Card | undefined, officer: Officer): Card {
  if (card && (seesAllOffices(officer) || card.officeId === officer.officeId)) return card;
  throw new RaError('card-unknown', 'no such card in this office');
}
