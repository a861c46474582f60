import { Type } from 'typebox';

import { reportPin } from '../../ra/personalisation/report-step.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function reportPinRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/pin',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'report-card-pin',
        tags: ['personalisations'],
        summary: 'The holder has set the PIN at the agent',
        params: Type.Object({ id: Uuid }),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      const changed = await reportPin(house, officerOf(request), id);
      return viewOfPersonalisation(await fileOf(house, changed));
    },
  );
}
