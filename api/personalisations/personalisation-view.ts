import { Type } from 'typebox';

import { APPLICATION_STATES, DRAFT_STATES } from '../../ra/application.ts';
import type { PersonalisationFile } from '../../ra/personalisation/find-personalisation.ts';
import {
  CARD_KEY_TYPES,
  CARD_PURPOSES,
  NEXT_STEPS,
  PERSONALISATION_STATES,
} from '../../ra/personalisation/personalisation.ts';
import { CardView, viewOfCard } from '../cards/card-view.ts';
import { Instant, Uuid } from '../schemas.ts';

export const PersonalisationView = Type.Object({
  id: Uuid,
  applicationId: Uuid,
  card: CardView,
  keyType: Type.Enum(CARD_KEY_TYPES),
  purpose: Type.Enum(CARD_PURPOSES),
  state: Type.Enum(PERSONALISATION_STATES),
  applicationState: Type.Optional(Type.Enum([...DRAFT_STATES, ...APPLICATION_STATES])),
  next: Type.Enum(NEXT_STEPS, { description: 'What somebody has to do next' }),
  openedAt: Instant,
  changedAt: Instant,
});

export function viewOfPersonalisation({
  personalisation,
  card,
  applicationState,
  next,
}: PersonalisationFile) {
  const { id, applicationId, keyType, purpose, state, openedAt, changedAt } = personalisation;
  return {
    id,
    applicationId,
    card: viewOfCard(card),
    keyType,
    purpose,
    state,
    ...(applicationState && { applicationState }),
    next,
    openedAt: openedAt.toISOString(),
    changedAt: changedAt.toISOString(),
  };
}
