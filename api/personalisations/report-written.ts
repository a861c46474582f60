import { Type } from 'typebox';

import { reportWritten } from '../../ra/personalisation/report-step.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function reportWrittenRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/written',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'report-card-written',
        tags: ['personalisations'],
        summary: 'Certificate and chain are on the card, and were read back',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          { readBack: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { minItems: 1, maxItems: 8 }) },
          { additionalProperties: false },
        ),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      const changed = await reportWritten(house, officerOf(request), id, request.body.readBack);
      return viewOfPersonalisation(await fileOf(house, changed));
    },
  );
}
