import { Type } from 'typebox';

import { CARD_READ_ROLES } from '../../ra/cards/card.ts';
import { readPersonalisation } from '../../ra/personalisation/find-personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function readPersonalisationRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.get(
    '/personalisations/:id',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'read-personalisation',
        tags: ['personalisations'],
        summary: 'How far a card is, and what comes next',
        params: Type.Object({ id: Uuid }),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      return viewOfPersonalisation(await readPersonalisation(house, officerOf(request), id));
    },
  );
}
