import { Type } from 'typebox';

import { acceptApplication } from '../../ra/acceptance/accept-application.ts';
import { APPLICATION_TRANSITIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';
import { seenVersion } from './decide-application.ts';

export function acceptApplicationRoute(app: TypedApp, house: RegistrationHouse): void {
  app.post(
    '/applications/:id/accept',
    {
      config: { access: APPLICATION_TRANSITIONS.accept.roles },
      schema: {
        operationId: 'accept-application',
        tags: ['applications'],
        summary:
          'Record that the holder has received the certificate; without it, it is revoked after 60 days',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(seenVersion, { additionalProperties: false }),
        response: { 200: ApplicationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      return viewOfApplication(await acceptApplication(house, officerOf(request), { id, ...request.body }));
    },
  );
}
