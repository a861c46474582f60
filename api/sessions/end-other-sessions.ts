import { Type } from 'typebox';

import { endOtherSessions } from '../../ra/own-sessions.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { sessionOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function endOtherSessionsRoute(app: TypedApp, house: SignInHouse): void {
  app.delete(
    '/sessions',
    {
      config: { access: 'signed-in', proof: 'fresh' },
      schema: {
        operationId: 'end-other-sessions',
        tags: ['sessions'],
        summary: 'End every session of the signed-in officer but this one',
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await endOtherSessions(house, sessionOf(request));
      return reply.code(204).send(null);
    },
  );
}
