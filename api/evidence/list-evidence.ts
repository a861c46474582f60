import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { LIST_ROLES } from '../../ra/evidence/evidence.ts';
import type { EvidenceHouse } from '../../ra/evidence/evidence-house.ts';
import { listEvidence } from '../../ra/evidence/read-evidence.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { EvidenceView, viewOfEvidence } from './evidence-view.ts';
import { LegalHoldView, viewOfLegalHold } from './legal-hold-view.ts';

export function listEvidenceRoute(app: TypedApp, house: EvidenceHouse): void {
  app.get(
    '/applications/:id/evidence',
    {
      config: { access: LIST_ROLES },
      schema: {
        operationId: 'list-evidence',
        tags: ['evidence'],
        summary: 'List the papers of an application, and the legal holds on them',
        params: Type.Object({ id: Uuid }),
        response: {
          200: Type.Object({ items: Type.Array(EvidenceView), legalHolds: Type.Array(LegalHoldView) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const { papers, holds } = await listEvidence(house, officerOf(request), id);
      return { items: papers.map(viewOfEvidence), legalHolds: holds.map(viewOfLegalHold) };
    },
  );
}
