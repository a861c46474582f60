import { Type } from 'typebox';

import { HOLDER_ROLES } from '../../ra/holders/holder-house.ts';
import type { HolderHouse } from '../../ra/holders/holder-house.ts';
import type { HolderId } from '../../ra/holders/holder.ts';
import { searchHolders } from '../../ra/holders/search-holders.ts';
import { officerOf } from '../access.ts';
import { PageLimit, SearchText, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { HolderView, viewOfHolder } from './holder-view.ts';

const querystring = Type.Object(
  { text: Type.Optional(SearchText), after: Type.Optional(Uuid), limit: Type.Optional(PageLimit) },
  { additionalProperties: false },
);

export function searchHoldersRoute(app: TypedApp, { holders }: Pick<HolderHouse, 'holders'>): void {
  app.get(
    '/holders',
    {
      config: { access: HOLDER_ROLES },
      schema: {
        operationId: 'search-holders',
        tags: ['holders'],
        summary: 'Find people by parts of their name, national id, council number or serial number, by name',
        querystring,
        response: {
          200: Type.Object({
            items: Type.Array(HolderView),
            next: Type.Optional(Type.String({ description: 'Value of `after` for the next page' })),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { text, after, limit = 50 } = request.query;
      const found = await searchHolders(holders, officerOf(request), {
        limit,
        ...(text && { text }),
        ...(after && { after: after as HolderId }),
      });
      const last = found.length === limit ? found.at(-1) : undefined;
      return { items: found.map(viewOfHolder), ...(last && { next: last.id }) };
    },
  );
}
