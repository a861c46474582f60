import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { listApplications } from '../../ra/read-applications.ts';
import { registerAnswersOf } from '../../ra/registers/check-application.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { PageLimit, SearchText, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

const querystring = Type.Object(
  {
    state: Type.Optional(Type.Enum(['submitted', 'approved', 'rejected', 'withdrawn', 'issued'])),
    text: Type.Optional(SearchText),
    before: Type.Optional(Uuid),
    limit: Type.Optional(PageLimit),
  },
  { additionalProperties: false },
);

export function listApplicationsRoute(app: TypedApp, house: RegistrationHouse): void {
  app.get(
    '/applications',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'list-applications',
        tags: ['applications'],
        summary: 'List applications of the office, newest first',
        querystring,
        response: {
          200: Type.Object({
            items: Type.Array(ApplicationView),
            next: Type.Optional(Type.String({ description: 'Value of `before` for the next page' })),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { before, limit = 50, ...filter } = request.query;
      const page = { ...filter, limit, ...(before && { before: before as ApplicationId }) };
      const found = await listApplications(house, officerOf(request), page);
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
