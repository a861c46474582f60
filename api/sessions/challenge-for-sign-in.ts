import { Type } from 'typebox';

import { challengeForSignIn } from '../../ra/passkeys/sign-in-with-passkey.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { RequestOptions } from '../passkeys/web-authn-schemas.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function challengeForSignInRoute(app: TypedApp, house: SignInHouse): void {
  app.post(
    '/session-challenges',
    {
      config: { access: 'public', rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: {
        operationId: 'challenge-for-sign-in',
        tags: ['sessions'],
        summary: 'What a browser needs to sign in with a passkey',
        body: Type.Object({}, { additionalProperties: false }),
        response: { 201: Type.Object({ options: RequestOptions }), ...problems },
      },
    },
    async (_request, reply) => reply.code(201).send({ options: await challengeForSignIn(house) }),
  );
}
