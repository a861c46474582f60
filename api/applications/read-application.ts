import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { readApplication } from '../../ra/read-applications.ts';
import { registerAnswersOf } from '../../ra/registers/check-application.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

export function readApplicationRoute(app: TypedApp, house: RegistrationHouse): void {
  app.get(
    '/applications/:id',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'read-application',
        tags: ['applications'],
        summary: 'Read an application',
        params: Type.Object({ id: Uuid }),
        response: { 200: ApplicationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const application = await readApplication(house, officerOf(request), id);
      return viewOfApplication(application, (await registerAnswersOf(house, [id])).get(id));
    },
  );
}
