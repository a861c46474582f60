import { Type } from 'typebox';

import { APPLICATION_TRANSITIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { submitDraft } from '../../ra/drafts/edit-draft.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';
import { seenVersion } from './decide-application.ts';

export function submitDraftRoute(app: TypedApp, house: DraftHouse): void {
  app.post(
    '/applications/:id/submit',
    {
      config: { access: APPLICATION_TRANSITIONS.submit.roles },
      schema: {
        operationId: 'submit-draft',
        tags: ['applications'],
        summary: 'File what a draft says',
        params: Type.Object({ id: Uuid }),
        body: Type.Object(seenVersion, { additionalProperties: false }),
        response: { 200: ApplicationView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const filed = await submitDraft(house, officerOf(request), { id, ...request.body });
      return viewOfApplication(filed, filed.registerAnswers);
    },
  );
}
