import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { CARD_READ_ROLES } from '../../ra/cards/card.ts';
import { listPersonalisations } from '../../ra/personalisation/find-personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

/** At one time an office has a handful. */
const UNDER_WAY_MAX = 100;

export function listPersonalisationsRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.get(
    '/personalisations',
    {
      config: { access: CARD_READ_ROLES },
      schema: {
        operationId: 'list-personalisations',
        tags: ['personalisations'],
        summary: 'Of one application or draft; else those that are under way in the office',
        querystring: Type.Object({ applicationId: Type.Optional(Uuid) }, { additionalProperties: false }),
        response: { 200: Type.Object({ items: Type.Array(PersonalisationView) }), ...problems },
      },
    },
    async (request) => {
      const { applicationId } = request.query;
      const files = await listPersonalisations(house, officerOf(request), {
        limit: UNDER_WAY_MAX,
        ...(applicationId && { applicationId: applicationId as ApplicationId }),
      });
      return { items: files.map(viewOfPersonalisation) };
    },
  );
}
