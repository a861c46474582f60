import { Type } from 'typebox';

import { APPLICATION_STATES, DRAFT_STATES, isDraftState } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { listDrafts } from '../../ra/drafts/list-drafts.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { listApplications } from '../../ra/read-applications.ts';
import { registerAnswersOf } from '../../ra/registers/check-application.ts';
import { officerOf } from '../access.ts';
import { PageLimit, SearchText, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';
import { DraftView, viewOfDraft } from './draft-view.ts';

const querystring = Type.Object(
  {
    state: Type.Optional(Type.Enum([...DRAFT_STATES, ...APPLICATION_STATES])),
    text: Type.Optional(SearchText),
    before: Type.Optional(Uuid),
    limit: Type.Optional(PageLimit),
  },
  { additionalProperties: false },
);

export function listApplicationsRoute(app: TypedApp, house: DraftHouse): void {
  app.get(
    '/applications',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'list-applications',
        tags: ['applications'],
        summary: 'List applications of the office, newest first; drafts when their state is asked for',
        querystring,
        response: {
          200: Type.Object({
            items: Type.Array(Type.Union([ApplicationView, DraftView])),
            next: Type.Optional(Type.String({ description: 'Value of `before` for the next page' })),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { before, limit = 50, state, text } = request.query;
      const page = {
        limit,
        ...(before && { before: before as ApplicationId }),
        ...(text !== undefined && { text }),
      };
      if (isDraftState(state)) {
        const { drafts, next } = await listDrafts(house, officerOf(request), { ...page, state });
        return { items: drafts.map((draft) => viewOfDraft(draft)), ...(next && { next }) };
      }
      const found = await listApplications(house, officerOf(request), { ...page, ...(state && { state }) });
      const last = found.length === limit ? found.at(-1) : undefined;
      const answers = await registerAnswersOf(
        house,
        found.map(({ id }) => id),
      );
      const items = found.map((one) => viewOfApplication(one, answers.get(one.id)));
      return { items, ...(last && { next: last.id }) };
    },
  );
}
