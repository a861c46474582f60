import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { DISCARD, discardDraft } from '../../ra/drafts/edit-draft.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { seenVersion } from './decide-application.ts';

export function discardDraftRoute(app: TypedApp, house: DraftHouse): void {
  app.delete(
    '/applications/:id',
    {
      config: { access: DISCARD.roles },
      schema: {
        operationId: 'discard-draft',
        tags: ['applications'],
        summary: 'Forget a draft that is not to be filed; what was filed stays',
        params: Type.Object({ id: Uuid }),
        querystring: Type.Object(seenVersion, { additionalProperties: false }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = request.params.id as ApplicationId;
      await discardDraft(house, officerOf(request), { id, version: request.query.version });
      return reply.code(204).send(null);
    },
  );
}
