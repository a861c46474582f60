import { Type } from 'typebox';

import { listPasskeys } from '../../ra/passkeys/register-passkey.ts';
import type { SignInHouse } from '../../ra/sign-in-house.ts';
import { officerOf } from '../access.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PasskeyView, viewOfPasskey } from './passkey-view.ts';

export function listPasskeysRoute(app: TypedApp, house: SignInHouse): void {
  app.get(
    '/passkeys',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'list-passkeys',
        tags: ['passkeys'],
        summary: "The signed-in officer's passkeys",
        response: { 200: Type.Object({ items: Type.Array(PasskeyView) }), ...problems },
      },
    },
    async (request) => ({ items: (await listPasskeys(house, officerOf(request))).map(viewOfPasskey) }),
  );
}
