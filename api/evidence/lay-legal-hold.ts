import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { HOLD_ROLES } from '../../ra/evidence/evidence.ts';
import type { EvidenceHouse } from '../../ra/evidence/evidence-house.ts';
import { layLegalHold } from '../../ra/evidence/legal-hold.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { LegalHoldView, viewOfLegalHold } from './legal-hold-view.ts';

export function layLegalHoldRoute(app: TypedApp, house: EvidenceHouse): void {
  app.post(
    '/applications/:id/legal-holds',
    {
      config: { access: HOLD_ROLES },
      schema: {
        operationId: 'lay-legal-hold',
        tags: ['evidence'],
        summary: 'Keep the papers of an application beyond their time, by an order from outside',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          { orderNumber: Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\p{L}\\p{N} ./_-]+$' }) },
          { additionalProperties: false },
        ),
        response: { 201: LegalHoldView, ...problems },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const id = params.id as ApplicationId;
      const hold = await layLegalHold(house, officerOf(request), id, body.orderNumber);
      return reply.code(201).send(viewOfLegalHold(hold));
    },
  );
}
