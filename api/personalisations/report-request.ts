import { Type } from 'typebox';

import { reportRequest } from '../../ra/personalisation/report-step.ts';
import { fileOf } from '../../ra/personalisation/find-personalisation.ts';
import { PERSONALISING_ROLES } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationId } from '../../ra/personalisation/personalisation.ts';
import type { PersonalisationHouse } from '../../ra/personalisation/personalisation-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { base64Octets } from './base64-octets.ts';
import { PersonalisationView, viewOfPersonalisation } from './personalisation-view.ts';

export function reportRequestRoute(app: TypedApp, house: PersonalisationHouse): void {
  app.post(
    '/personalisations/:id/request',
    {
      config: { access: PERSONALISING_ROLES },
      schema: {
        operationId: 'report-card-request',
        tags: ['personalisations'],
        summary: 'The key is on the card: its request goes into the draft',
        params: Type.Object({ id: Uuid }),
        body: Type.Object({ certificationRequest: base64Octets(16_384) }, { additionalProperties: false }),
        response: { 200: PersonalisationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as PersonalisationId;
      const changed = await reportRequest(
        house,
        officerOf(request),
        id,
        Buffer.from(request.body.certificationRequest, 'base64'),
      );
      return viewOfPersonalisation(await fileOf(house, changed));
    },
  );
}
