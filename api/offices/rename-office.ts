import { Type } from 'typebox';

import type { OfficeId } from '../../ra/officer.ts';
import { renameOffice } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficeName, OfficeView } from './office-view.ts';

export function renameOfficeRoute(app: TypedApp, house: OfficeHouse): void {
  app.patch(
    '/offices/:id',
    {
      config: { access: OFFICER_MANAGEMENT_ROLES },
      schema: {
        operationId: 'rename-office',
        tags: ['offices'],
        summary: 'Rename an office',
        params: Type.Object({ id: Uuid }),
        body: Type.Object({ name: OfficeName }, { additionalProperties: false }),
        response: { 200: OfficeView, ...problems },
      },
    },
    async (request) =>
      renameOffice(house, officerOf(request), request.params.id as OfficeId, request.body.name),
  );
}
