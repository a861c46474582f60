import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { CHECK_ROLES, recheckApplication, registerAnswersOf } from '../../ra/registers/check-application.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

export function checkRegistersRoute(app: TypedApp, house: RegistrationHouse): void {
  app.post(
    '/applications/:id/register-checks',
    {
      config: { access: CHECK_ROLES },
      schema: {
        operationId: 'check-registers',
        tags: ['applications'],
        summary: 'Hold an application against the registers once more',
        params: Type.Object({ id: Uuid }),
        response: { 200: ApplicationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const application = await recheckApplication(house, officerOf(request), id);
      return viewOfApplication(application, (await registerAnswersOf(house, [id])).get(id));
    },
  );
}
