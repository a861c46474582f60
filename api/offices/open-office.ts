import { Type } from 'typebox';

import { OFFICE_KINDS } from '../../ra/officer.ts';
import { OFFICE_OPENING_ROLES, openOffice } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficeName, OfficeView } from './office-view.ts';

const body = Type.Object(
  { kind: Type.Enum([...OFFICE_KINDS]), name: OfficeName },
  { additionalProperties: false },
);

export function openOfficeRoute(app: TypedApp, house: OfficeHouse): void {
  app.post(
    '/offices',
    {
      config: { access: OFFICE_OPENING_ROLES },
      schema: {
        operationId: 'open-office',
        tags: ['offices'],
        summary: 'Open an office',
        body,
        response: { 201: OfficeView, ...problems },
      },
    },
    async (request, reply) => reply.code(201).send(await openOffice(house, officerOf(request), request.body)),
  );
}
