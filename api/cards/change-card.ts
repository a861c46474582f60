import { Type } from 'typebox';

import { CARD_TRANSITIONS, OFFICER_CARD_ACTIONS } from '../../ra/cards/card.ts';
import type { CardId, OfficerCardAction } from '../../ra/cards/card.ts';
import type { CardHouse } from '../../ra/cards/card-house.ts';
import { changeCard } from '../../ra/cards/change-card.ts';
import type { Role } from '../../ra/officer.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CardView, viewOfCard } from './card-view.ts';

/** Of any of the actions; which role does which stands in the table. */
const ROLES = [
  ...new Set(OFFICER_CARD_ACTIONS.flatMap((action): readonly Role[] => CARD_TRANSITIONS[action].roles)),
];

export function changeCardRoute(app: TypedApp, house: CardHouse): void {
  app.post(
    '/cards/:id/changes',
    {
      config: { access: ROLES },
      schema: {
        operationId: 'change-card',
        tags: ['cards'],
        summary:
          'Change a card; a lost card’s certificates go on hold, a replaced or destroyed one’s are revoked',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          {
            action: Type.Unsafe<OfficerCardAction>(Type.Enum(OFFICER_CARD_ACTIONS)),
            version: Type.Integer({ minimum: 1, description: 'The version that was seen' }),
            note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: CardView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as CardId;
      return viewOfCard(await changeCard(house, officerOf(request), { id, ...request.body }));
    },
  );
}
