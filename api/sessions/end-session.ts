import { Type } from 'typebox';

import { signOut } from '../../ra/sign-in.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { SessionCookie } from '../session-cookie.ts';
import type { TypedApp } from '../typed-app.ts';

export function endSessionRoute(app: TypedApp, house: SignInHouse, { name, secure }: SessionCookie): void {
  app.delete(
    '/sessions/current',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'sign-out',
        tags: ['sessions'],
        summary: 'Sign out',
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await signOut(house, officerOf(request), request.sessionSecret ?? '');
      return reply.code(204).clearCookie(name, { path: '/', secure }).send(null);
    },
  );
}
