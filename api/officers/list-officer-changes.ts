import { Type } from 'typebox';

import { OFFICER_READING_ROLES, listOfficerChanges } from '../../ra/offices/manage-offices.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { OFFICER_CHANGE_STATES } from '../../ra/offices/officer-change.ts';
import type { OfficerChangeId } from '../../ra/offices/officer-change.ts';
import { officerOf } from '../access.ts';
import { PageLimit, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerChangeView, viewOfChange } from './officer-views.ts';

const querystring = Type.Object(
  {
    state: Type.Optional(Type.Enum([...OFFICER_CHANGE_STATES])),
    before: Type.Optional(Uuid),
    limit: Type.Optional(PageLimit),
  },
  { additionalProperties: false },
);

export function listOfficerChangesRoute(app: TypedApp, house: OfficeHouse): void {
  app.get(
    '/officer-changes',
    {
      config: { access: OFFICER_READING_ROLES },
      schema: {
        operationId: 'list-officer-changes',
        tags: ['officers'],
        summary: 'Changes of officers, newest first',
        querystring,
        response: {
          200: Type.Object({
            items: Type.Array(OfficerChangeView),
            next: Type.Optional(Type.String({ description: 'Value of `before` for the next page' })),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { before, limit = 50, state } = request.query;
      const filter = { limit, ...(state && { state }), ...(before && { before: before as OfficerChangeId }) };
      const found = await listOfficerChanges(house, officerOf(request), filter);
      const last = found.length === limit ? found.at(-1) : undefined;
      return { items: found.map(viewOfChange), ...(last && { next: last.id }) };
    },
  );
}
