import { Type } from 'typebox';

import { reportTested } from '../../ra/personalisation/report-step.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { base64Octets } from './base64-octets.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function reportTestedRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/tested',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'report-card-tested',
        tags: ['personalisations'],
        summary: 'The card has made the test signature (CMS)',
        params: Type.Object({ id: Uuid }),
        body: Type.Object({ signature: base64Octets(98_304) }, { additionalProperties: false }),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      const changed = await reportTested(
        house,
        officerOf(request),
        id,
        Buffer.from(request.body.signature, 'base64'),
      );
      return viewOfPersonalisation(await fileOf(house, changed));
    },
  );
}
