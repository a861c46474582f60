import { Type } from 'typebox';

import { APPLICATION_TRANSITIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { saveDraft } from '../../ra/drafts/edit-draft.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { DraftView, draftContent, viewOfDraft } from './draft-view.ts';

export function saveDraftRoute(app: TypedApp, house: DraftHouse): void {
  app.put(
    '/applications/:id',
    {
      config: { access: APPLICATION_TRANSITIONS.save.roles },
      schema: {
        operationId: 'save-draft',
        tags: ['applications'],
        summary: 'Replace what a draft says',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(
          { version: Type.Integer({ minimum: 1 }), ...draftContent },
          { additionalProperties: false },
        ),
        response: { 200: DraftView, ...problems },
      },
    },
    async (request) => {
      const { version, ...content } = request.body;
      const id = request.params.id as ApplicationId;
      return viewOfDraft(await saveDraft(house, officerOf(request), { id, version, content }));
    },
  );
}
