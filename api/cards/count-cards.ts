import { Type } from 'typebox';

import { CARD_READ_ROLES, CARD_STATES } from '../../ra/cards/card.ts';
import type { CardHouse } from '../../ra/cards/card-house.ts';
import { countCards } from '../../ra/cards/read-cards.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function countCardsRoute(app: TypedApp, house: CardHouse): void {
  app.get(
    '/cards/counts',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'count-cards',
        tags: ['cards'],
        summary: 'Count cards by office and state',
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                officeId: Type.Optional({ ...Uuid, description: 'Absent: with the CA' }),
                state: Type.Enum(CARD_STATES),
                cards: Type.Integer(),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ items: await countCards(house, officerOf(request)) }),
  );
}
