import { Type } from 'typebox';

import { registerPasskey } from '../../ra/passkeys/register-passkey.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PasskeyView, viewOfPasskey } from './passkey-view.ts';
import { RegistrationResponse } from './web-authn-schemas.ts';

const body = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, examples: ['کلید دفتر'] }),
    response: RegistrationResponse,
  },
  { additionalProperties: false },
);

export function registerPasskeyRoute(app: TypedApp, house: SignInHouse): void {
  app.post(
    '/passkeys',
    {
      config: { access: 'signed-in', proof: 'fresh' },
      schema: {
        operationId: 'register-passkey',
        tags: ['passkeys'],
        summary: 'Keep the passkey that a browser has made',
        body,
        response: { 201: PasskeyView, ...problems },
      },
    },
    async (request, reply) =>
      reply.code(201).send(viewOfPasskey(await registerPasskey(house, officerOf(request), request.body))),
  );
}
