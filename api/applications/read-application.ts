import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { readApplicationOrDraft } from '../../ra/drafts/read-draft.ts';
import { registerAnswersOf } from '../../ra/registers/check-application.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';
import { DraftView, viewOfDraft } from './draft-view.ts';

export function readApplicationRoute(app: TypedApp, house: DraftHouse): void {
  app.get(
    '/applications/:id',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'read-application',
        tags: ['applications'],
        summary: 'Read an application',
        params: Type.Object({ id: Uuid }),
        response: { 200: Type.Union([ApplicationView, DraftView]), ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const found = await readApplicationOrDraft(house, officerOf(request), id);
      const answers = (await registerAnswersOf(house, [id])).get(id);
      return 'content' in found ? viewOfDraft(found, answers) : viewOfApplication(found, answers);
    },
  );
}
