import { Type } from 'typebox';

import type { ActivationHouse } from '../../ra/activation/activation-house.ts';
import { readActivation } from '../../ra/activation/read-activation.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ActivationView, viewOfActivation } from './activation-view.ts';

export function readActivationRoute(app: TypedApp, house: ActivationHouse): void {
  app.get(
    '/applications/:id/activation',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'read-activation',
        tags: ['applications'],
        summary: 'How the newest activation of an application stands',
        params: Type.Object({ id: Uuid }),
        response: { 200: ActivationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      return viewOfActivation(await readActivation(house, officerOf(request), id), house.clock.now());
    },
  );
}
