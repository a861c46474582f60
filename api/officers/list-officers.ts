import { Type } from 'typebox';

import type { OfficeId } from '../../ra/officer.ts';
import { OFFICER_READING_ROLES, listOfficers } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerRecordView, viewOfRecord } from './officer-views.ts';

export function listOfficersRoute(app: TypedApp, house: OfficeHouse): void {
  app.get(
    '/officers',
    {
      config: { access: OFFICER_READING_ROLES },
      schema: {
        operationId: 'list-officers',
        tags: ['officers'],
        summary: 'Officers of an office, removed ones too',
        querystring: Type.Object({ officeId: Type.Optional(Uuid) }, { additionalProperties: false }),
        response: { 200: Type.Object({ items: Type.Array(OfficerRecordView) }), ...problems },
      },
    },
    async (request) => {
      const officeId = request.query.officeId as OfficeId | undefined;
      return { items: (await listOfficers(house, officerOf(request), officeId)).map(viewOfRecord) };
    },
  );
}
