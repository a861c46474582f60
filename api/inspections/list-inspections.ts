import { Type } from 'typebox';

import { INSPECTION_READERS } from '../../ra/inspections/inspection.ts';
import type { InspectionHouse, InspectionId } from '../../ra/inspections/inspection.ts';
import { listInspections } from '../../ra/inspections/read-inspections.ts';
import { officerOf } from '../access.ts';
import { PageLimit, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { InspectionView, viewOfInspection } from './inspection-view.ts';

export function listInspectionsRoute(app: TypedApp, house: InspectionHouse): void {
  app.get(
    '/inspections',
    {
      config: { access: INSPECTION_READERS },
      schema: {
        operationId: 'list-inspections',
        tags: ['inspections'],
        summary: 'List inspections, newest first; a manager sees those of their office',
        querystring: Type.Object(
          { before: Type.Optional(Uuid), limit: Type.Optional(PageLimit) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ items: Type.Array(InspectionView), next: Type.Optional(Type.String()) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { before, limit = 50 } = request.query;
      const page = { limit, ...(before && { before: before as InspectionId }) };
      const found = await listInspections(house, officerOf(request), page);
      const last = found.length === limit ? found.at(-1) : undefined;
      return { items: found.map(viewOfInspection), ...(last && { next: last.id }) };
    },
  );
}
