import { Type } from 'typebox';

import { countCredentials } from '../../ra/count-credentials.ts';
import { signInWithPasskey } from '../../ra/passkeys/sign-in-with-passkey.ts';
import { livingSession, signIn } from '../../ra/sign-in.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { SESSION_COOKIE } from '../access.ts';
import { AuthenticationResponse } from '../passkeys/web-authn-schemas.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { SessionView, viewOfSession } from './session-view.ts';

const body = Type.Object(
  {
    loginLink: Type.Optional(
      Type.String({ minLength: 43, maxLength: 43, description: 'Secret of a one-time login link' }),
    ),
    passkey: Type.Optional(AuthenticationResponse),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);

export function createSessionRoute(app: TypedApp, house: OfficeHouse, secureCookie: boolean): void {
  app.post(
    '/sessions',
    {
      config: { access: 'public', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        operationId: 'sign-in',
        tags: ['sessions'],
        summary: 'Sign in with a one-time login link or a passkey; sets the session cookie',
        body,
        response: { 201: SessionView, ...problems },
      },
    },
    async (request, reply) => {
      const { loginLink, passkey } = request.body;
      const caller = { address: request.ip };
      const { officer, sessionSecret, expiresAt } = await (passkey
        ? signInWithPasskey(house, passkey, caller)
        : signIn(house, loginLink!, caller));
      const session = await livingSession(house, sessionSecret);
      return reply
        .code(201)
        .setCookie(SESSION_COOKIE, sessionSecret, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: secureCookie,
          expires: expiresAt,
        })
        .send(viewOfSession(session, await countCredentials(house, officer)));
    },
  );
}
