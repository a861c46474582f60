import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { HOLD_ROLES } from '../../ra/evidence/evidence.ts';
import type { EvidenceHouse, LegalHoldId } from '../../ra/evidence/evidence-house.ts';
import { liftLegalHold } from '../../ra/evidence/legal-hold.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function liftLegalHoldRoute(app: TypedApp, house: EvidenceHouse): void {
  app.post(
    '/applications/:id/legal-holds/:holdId/lift',
    {
      config: { access: HOLD_ROLES },
      schema: {
        operationId: 'lift-legal-hold',
        tags: ['evidence'],
        summary: 'End a legal hold',
        params: Type.Object({ id: Uuid, holdId: Uuid }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id, holdId } = request.params;
      await liftLegalHold(house, officerOf(request), id as ApplicationId, holdId as LegalHoldId);
      return reply.code(204).send(null);
    },
  );
}
