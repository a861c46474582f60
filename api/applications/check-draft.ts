import { Type } from 'typebox';

import { APPLICATION_TRANSITIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { checkDraft } from '../../ra/drafts/edit-draft.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { seenVersion } from './decide-application.ts';
import { DraftView, viewOfDraft } from './draft-view.ts';

export function checkDraftRoute(app: TypedApp, house: DraftHouse): void {
  app.post(
    '/applications/:id/check',
    {
      config: { access: APPLICATION_TRANSITIONS.check.roles },
      schema: {
        operationId: 'check-draft',
        tags: ['applications'],
        summary: 'Ask the registers about a draft',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(seenVersion, { additionalProperties: false }),
        response: { 200: DraftView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const { draft, answers } = await checkDraft(house, officerOf(request), { id, ...request.body });
      return viewOfDraft(draft, answers);
    },
  );
}
