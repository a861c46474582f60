import { Type } from 'typebox';

import { claimPairing } from '../../signing/devices/claim-pairing.ts';
import type { ApiServices } from '../api-services.ts';
import { Uuid, problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { DEVICE_RATE } from './challenge-device.ts';
import { StateView } from './device-schemas.ts';

export function claimPairingRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/pairings',
    {
      config: { access: 'device', rateLimit: DEVICE_RATE },
      schema: {
        operationId: 'claim-pairing',
        tags: ['phones'],
        summary: 'Take over the request whose code was scanned; sent again, it is answered alike',
        body: Type.Object(
          {
            secret: Type.String({
              pattern: '^[A-Za-z0-9_-]{43}$',
              description: 'What follows #pair= in the code',
            }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ id: Uuid, ...StateView.properties }), ...problems },
      },
    },
    async (request) => claimPairing(services.signing.sessions, deviceOf(request), request.body.secret),
  );
}
