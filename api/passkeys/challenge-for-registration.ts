import { Type } from 'typebox';

import { challengeForRegistration } from '../../ra/passkeys/register-passkey.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CreationOptions } from './web-authn-schemas.ts';

export function challengeForRegistrationRoute(app: TypedApp, house: SignInHouse): void {
  app.post(
    '/passkey-registrations',
    {
      config: { access: 'signed-in', proof: 'fresh' },
      schema: {
        operationId: 'challenge-for-registration',
        tags: ['passkeys'],
        summary: 'What a browser needs to make a passkey for the signed-in officer',
        body: Type.Object({}, { additionalProperties: false }),
        response: { 201: Type.Object({ options: CreationOptions }), ...problems },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ options: await challengeForRegistration(house, officerOf(request)) }),
  );
}
