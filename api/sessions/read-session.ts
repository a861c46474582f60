import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerView, viewOfOfficer } from './officer-view.ts';

export function readSessionRoute(app: TypedApp): void {
  app.get(
    '/sessions/current',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'read-session',
        tags: ['sessions'],
        summary: 'Who is signed in',
        response: { 200: OfficerView, ...problems },
      },
    },
    (request) => viewOfOfficer(officerOf(request)),
  );
}
