import { Type } from 'typebox';

import type { PasskeyId } from '../../ra/passkeys/passkey-store.ts';
import { removePasskey } from '../../ra/passkeys/register-passkey.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function removePasskeyRoute(app: TypedApp, house: SignInHouse): void {
  app.delete(
    '/passkeys/:id',
    {
      config: { access: 'signed-in', proof: 'fresh' },
      schema: {
        operationId: 'remove-passkey',
        tags: ['passkeys'],
        summary: 'Remove a passkey: it neither signs in nor approves any more',
        params: Type.Object({ id: Uuid }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await removePasskey(house, officerOf(request), request.params.id as PasskeyId);
      return reply.code(204).send(null);
    },
  );
}
