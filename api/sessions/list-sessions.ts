import { Type } from 'typebox';

import { SIGN_IN_METHODS } from '../../ra/officer-store.ts';
import type { ListedSession } from '../../ra/officer-store.ts';
import { listOwnSessions } from '../../ra/own-sessions.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf, sessionOf } from '../access.ts';
import { Instant, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const OwnSession = Type.Object({
  id: Uuid,
  isCurrent: Type.Boolean({ description: 'Whether this request was sent in it' }),
  method: Type.Enum([...SIGN_IN_METHODS], { description: 'How it was opened' }),
  createdAt: Instant,
  lastSeenAt: { ...Instant, description: 'When it was last used, to the minute' },
  openedFrom: Type.Optional(Type.String({ description: 'Address, or network, that it was opened from' })),
  userAgent: Type.Optional(Type.String({ description: 'As the browser calls itself' })),
});

export function listSessionsRoute(app: TypedApp, house: SignInHouse): void {
  app.get(
    '/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'list-sessions',
        tags: ['sessions'],
        summary: "The signed-in officer's open sessions",
        response: { 200: Type.Object({ items: Type.Array(OwnSession) }), ...problems },
      },
    },
    async (request) => {
      const { id } = sessionOf(request);
      const items = await listOwnSessions(house, officerOf(request));
      return { items: items.map((session) => viewOf(session, session.id === id)) };
    },
  );
}

function viewOf(
  { id, method, createdAt, lastSeenAt, openedFrom, userAgent }: ListedSession,
  isCurrent: boolean,
) {
  return {
    id,
    isCurrent,
    method,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    ...(openedFrom !== undefined && { openedFrom }),
    ...(userAgent !== undefined && { userAgent }),
  };
}
