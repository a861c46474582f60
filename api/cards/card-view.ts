import { Type } from 'typebox';

import { CARD_STATES, CARD_TRANSITIONS } from '../../ra/cards/card.ts';
import type { Card, CardAction, CardBatch, CardChange } from '../../ra/cards/card.ts';
import { Instant, Uuid } from '../schemas.ts';

export const CardSerial = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]*$',
});

/** Of an agent, as its pairing names it. */
export const AgentId = Type.String({ minLength: 8, maxLength: 128, pattern: '^[A-Za-z0-9_-]+$' });

export const TicketView = Type.Object({
  ticket: Type.String({
    description: 'Compact JWS (EdDSA) for the card agent, good for five minutes and once',
  }),
});

export const CardView = Type.Object({
  id: Uuid,
  serial: Type.String(),
  batchId: Uuid,
  cardType: Type.String(),
  officeId: Type.Optional({ ...Uuid, description: 'Absent: with the CA' }),
  state: Type.Enum(CARD_STATES),
  version: Type.Integer(),
  changedAt: Instant,
});

export function viewOfCard({ changedAt, ...card }: Card) {
  return { ...card, changedAt: changedAt.toISOString() };
}

export const CardChangeView = Type.Object({
  version: Type.Integer(),
  action: Type.Enum(Object.keys(CARD_TRANSITIONS) as CardAction[]),
  to: Type.Enum(CARD_STATES),
  officeId: Type.Optional(Uuid),
  applicationId: Type.Optional(Uuid),
  note: Type.Optional(Type.String()),
  changedBy: Type.String(),
  changedAt: Instant,
});

export function viewOfCardChange({ changedAt, ...change }: CardChange) {
  return { ...change, changedAt: changedAt.toISOString() };
}

export const CardBatchView = Type.Object({
  id: Uuid,
  reference: Type.String(),
  cardType: Type.String(),
  cards: Type.Integer(),
  importedBy: Uuid,
  importedAt: Instant,
});

export function viewOfCardBatch({ importedAt, ...batch }: CardBatch) {
  return { ...batch, importedAt: importedAt.toISOString() };
}
