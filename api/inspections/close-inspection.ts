import { Type } from 'typebox';

import { INSPECTOR_ROLES, OUTCOMES } from '../../ra/inspections/inspection.ts';
import type { InspectionHouse, InspectionId, Outcome } from '../../ra/inspections/inspection.ts';
import { closeInspection } from '../../ra/inspections/record-finding.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function closeInspectionRoute(app: TypedApp, house: InspectionHouse): void {
  app.post(
    '/inspections/:id/close',
    {
      config: { access: INSPECTOR_ROLES },
      schema: {
        operationId: 'close-inspection',
        tags: ['inspections'],
        summary: 'Close an inspection for good',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          { outcome: Type.Unsafe<Outcome>(Type.Enum(OUTCOMES)) },
          { additionalProperties: false },
        ),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = request.params.id as InspectionId;
      await closeInspection(house, officerOf(request), id, request.body.outcome);
      return reply.code(204).send(null);
    },
  );
}
