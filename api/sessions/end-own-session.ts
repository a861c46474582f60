import { Type } from 'typebox';

import type { SessionId } from '../../ra/officer-store.ts';
import { endOwnSession } from '../../ra/own-sessions.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function endOwnSessionRoute(app: TypedApp, house: SignInHouse): void {
  app.delete(
    '/sessions/:id',
    {
      config: { access: 'signed-in', proof: 'fresh' },
      schema: {
        operationId: 'end-own-session',
        tags: ['sessions'],
        summary: 'End one session of the signed-in officer',
        params: Type.Object({ id: Uuid }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await endOwnSession(house, officerOf(request), request.params.id as SessionId);
      return reply.code(204).send(null);
    },
  );
}
