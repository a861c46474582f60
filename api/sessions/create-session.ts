import { Type } from 'typebox';

import { signIn } from '../../ra/sign-in.ts';
import type { SignInHouse } from '../../ra/sign-in.ts';
import { SESSION_COOKIE } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { OfficerView, viewOfOfficer } from './officer-view.ts';

const body = Type.Object(
  {
    loginLink: Type.String({ minLength: 43, maxLength: 43, description: 'Secret of a one-time login link' }),
  },
  { additionalProperties: false },
);

export function createSessionRoute(app: TypedApp, house: SignInHouse, secureCookie: boolean): void {
  app.post(
    '/sessions',
    {
      config: { access: 'public', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        operationId: 'sign-in',
        tags: ['sessions'],
        summary: 'Sign in with a one-time login link; sets the session cookie',
        body,
        response: { 201: OfficerView, ...problems },
      },
    },
    async (request, reply) => {
      const { officer, sessionSecret, expiresAt } = await signIn(house, request.body.loginLink);
      return reply
        .code(201)
        .setCookie(SESSION_COOKIE, sessionSecret, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: secureCookie,
          expires: expiresAt,
        })
        .send(viewOfOfficer(officer));
    },
  );
}
