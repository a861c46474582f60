import { Type } from 'typebox';

import { abandonPersonalisation } from '../../ra/personalisation/abandon-personalisation.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function abandonPersonalisationRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/abandon',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'abandon-personalisation',
        tags: ['personalisations'],
        summary:
          'Give it up: an untouched card goes back into the stock, another is spoiled; what was issued is revoked',
        params: Type.Object({ id: Uuid }),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      const changed = await abandonPersonalisation(house, officerOf(request), id);
      return viewOfPersonalisation(await fileOf(house, changed));
    },
  );
}
