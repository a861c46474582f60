import { Type } from 'typebox';

import { CARD_READ_ROLES, CARD_STATES } from '../../ra/cards/card.ts';
import type { CardId, CardState } from '../../ra/cards/card.ts';
import type { CardHouse } from '../../ra/cards/card-house.ts';
import { listCards } from '../../ra/cards/read-cards.ts';
import type { OfficeId } from '../../ra/officer.ts';
import { officerOf } from '../access.ts';
import { PageLimit, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CardSerial, CardView, viewOfCard } from './card-view.ts';

export function listCardsRoute(app: TypedApp, house: CardHouse): void {
  app.get(
    '/cards',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'list-cards',
        tags: ['cards'],
        summary: 'List cards of the office, newest first; the CA’s own staff sees all',
        querystring: Type.Object(
          {
            officeId: Type.Optional(Uuid),
            state: Type.Optional(Type.Unsafe<CardState>(Type.Enum(CARD_STATES))),
            serial: Type.Optional({ ...CardSerial, description: 'Beginning of a serial' }),
            before: Type.Optional(Uuid),
            limit: Type.Optional(PageLimit),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            items: Type.Array(CardView),
            next: Type.Optional(Type.String({ description: 'Value of `before` for the next page' })),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { limit = 50, before, officeId, ...filter } = request.query;
      const found = await listCards(house, officerOf(request), {
        ...filter,
        limit,
        ...(before && { before: before as CardId }),
        ...(officeId && { officeId: officeId as OfficeId }),
      });
      const last = found.length === limit ? found.at(-1) : undefined;
      return { items: found.map(viewOfCard), ...(last && { next: last.id }) };
    },
  );
}
