import { Type } from 'typebox';

import { INSPECTOR_ROLES } from '../../ra/inspections/inspection.ts';
import type { InspectionHouse } from '../../ra/inspections/inspection.ts';
import { openInspection } from '../../ra/inspections/open-inspection.ts';
import type { OfficeId } from '../../ra/officer.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { InspectionView, JalaliDay, viewOfInspection } from './inspection-view.ts';

const body = Type.Object(
  {
    officeId: Uuid,
    from: JalaliDay,
    to: JalaliDay,
    sampleSize: Type.Integer({ minimum: 1, maximum: 500 }),
    dueOn: { ...JalaliDay, description: 'Jalali day by whose end the office has its papers together' },
  },
  { additionalProperties: false },
);

export function openInspectionRoute(app: TypedApp, house: InspectionHouse): void {
  app.post(
    '/inspections',
    {
      config: { access: INSPECTOR_ROLES },
      schema: {
        operationId: 'open-inspection',
        tags: ['inspections'],
        summary: 'Draw a sample of an office’s cases, revoked ones forced in, and ask for their papers',
        body,
        response: { 201: InspectionView, ...problems },
      },
    },
    async (request, reply) => {
      const { officeId, ...input } = request.body;
      const asked = { ...input, officeId: officeId as OfficeId };
      const inspection = await openInspection(house, officerOf(request), asked);
      return reply
        .code(201)
        .header('location', `/api/v1/inspections/${inspection.id}`)
        .send(viewOfInspection(inspection));
    },
  );
}
