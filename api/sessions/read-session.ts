import { countCredentials } from '../../ra/count-credentials.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { officerOf, sessionOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { SessionView, viewOfSession } from './session-view.ts';

export function readSessionRoute(app: TypedApp, house: OfficeHouse): void {
  app.get(
    '/sessions/current',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'read-session',
        tags: ['sessions'],
        summary: 'Who is signed in',
        response: { 200: SessionView, ...problems },
      },
    },
    async (request) => viewOfSession(sessionOf(request), await countCredentials(house, officerOf(request))),
  );
}
