import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { INSPECTOR_ROLES, SEVERITIES } from '../../ra/inspections/inspection.ts';
import type { Finding, InspectionHouse, InspectionId } from '../../ra/inspections/inspection.ts';
import { recordFinding } from '../../ra/inspections/record-finding.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { FindingView, viewOfFinding } from './inspection-view.ts';

const body = Type.Object(
  {
    applicationId: Type.Optional({ ...Uuid, description: 'One that was drawn; absent: of the office' }),
    severity: Type.Unsafe<Finding['severity']>(Type.Enum(SEVERITIES)),
    text: Type.String({ minLength: 1, maxLength: 4000 }),
  },
  { additionalProperties: false },
);

export function recordFindingRoute(app: TypedApp, house: InspectionHouse): void {
  app.post(
    '/inspections/:id/findings',
    {
      config: { access: INSPECTOR_ROLES },
      schema: {
        operationId: 'record-finding',
        tags: ['inspections'],
        summary: 'Record what was found',
        params: Type.Object({ id: Uuid }),
        body,
        response: { 201: FindingView, ...problems },
      },
    },
    async (request, reply) => {
      const { applicationId, ...rest } = request.body;
      const input = { ...rest, ...(applicationId && { applicationId: applicationId as ApplicationId }) };
      const id = request.params.id as InspectionId;
      return reply.code(201).send(viewOfFinding(await recordFinding(house, officerOf(request), id, input)));
    },
  );
}
