import { Type } from 'typebox';

import type { OfficerId } from '../../ra/officer.ts';
import { endSessionsOf } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_MANAGEMENT_ROLES } from '../../ra/offices/officer-rules.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function endSessionsRoute(app: TypedApp, house: OfficeHouse): void {
  app.delete(
    '/officers/:id/sessions',
    {
      config: { access: OFFICER_MANAGEMENT_ROLES },
      schema: {
        operationId: 'end-sessions',
        tags: ['officers'],
        summary: 'End every session of an officer',
        params: Type.Object({ id: Uuid }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await endSessionsOf(house, officerOf(request), request.params.id as OfficerId);
      return reply.code(204).send(null);
    },
  );
}
