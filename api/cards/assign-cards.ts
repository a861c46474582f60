import { Type } from 'typebox';

import { CARDS_PER_ASSIGNMENT_MAX, assignCards } from '../../ra/cards/assign-cards.ts';
import { CARD_TRANSITIONS } from '../../ra/cards/card.ts';
import type { CardHouse } from '../../ra/cards/card-house.ts';
import type { OfficeId } from '../../ra/officer.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CardSerial, CardView, viewOfCard } from './card-view.ts';

export function assignCardsRoute(app: TypedApp, house: CardHouse): void {
  app.post(
    '/cards/assignments',
    {
      config: { access: CARD_TRANSITIONS.assign.roles },
      schema: {
        operationId: 'assign-cards',
        tags: ['cards'],
        summary: 'Send cards to an office, all or none',
        body: Type.Object(
          {
            officeId: Uuid,
            serials: Type.Array(CardSerial, { minItems: 1, maxItems: CARDS_PER_ASSIGNMENT_MAX }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ items: Type.Array(CardView) }), ...problems },
      },
    },
    async (request) => {
      const { officeId, serials } = request.body;
      const parcel = { officeId: officeId as OfficeId, serials };
      return { items: (await assignCards(house, officerOf(request), parcel)).map(viewOfCard) };
    },
  );
}
