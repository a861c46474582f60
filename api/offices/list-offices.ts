import { Type } from 'typebox';

import { listOffices } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficeView } from './office-view.ts';

export function listOfficesRoute(app: TypedApp, house: OfficeHouse): void {
  app.get(
    '/offices',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'list-offices',
        tags: ['offices'],
        summary: "The officer's own office; all for the CA's own staff",
        response: { 200: Type.Object({ items: Type.Array(OfficeView) }), ...problems },
      },
    },
    async (request) => ({ items: await listOffices(house, officerOf(request)) }),
  );
}
