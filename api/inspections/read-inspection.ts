import { Type } from 'typebox';

import { INSPECTION_READERS } from '../../ra/inspections/inspection.ts';
import type { InspectionHouse, InspectionId } from '../../ra/inspections/inspection.ts';
import { readInspection } from '../../ra/inspections/read-inspections.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { FindingView, InspectionView, viewOfFinding, viewOfInspection } from './inspection-view.ts';

const InspectionFileView = Type.Object({
  ...InspectionView.properties,
  cases: Type.Array(
    Type.Object({
      position: Type.Integer(),
      applicationId: Uuid,
      wasRevoked: Type.Boolean({ description: 'When it was drawn' }),
      papers: Type.Array(Type.String(), { description: 'Kinds of papers that are kept with it' }),
    }),
  ),
  findings: Type.Array(FindingView),
  isReproducible: Type.Boolean({ description: 'Drawn again just now, it comes out the same' }),
});

export function readInspectionRoute(app: TypedApp, house: InspectionHouse): void {
  app.get(
    '/inspections/:id',
    {
      config: { access: INSPECTION_READERS },
      schema: {
        operationId: 'read-inspection',
        tags: ['inspections'],
        summary: 'Read an inspection with its cases and findings, and draw it once more',
        params: Type.Object({ id: Uuid }),
        response: { 200: InspectionFileView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as InspectionId;
      const file = await readInspection(house, officerOf(request), id);
      return {
        ...viewOfInspection(file.inspection),
        cases: file.cases,
        findings: file.findings.map(viewOfFinding),
        isReproducible: file.isReproducible,
      };
    },
  );
}
