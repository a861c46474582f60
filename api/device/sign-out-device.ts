import { Type } from 'typebox';

import { signOutDevice } from '../../signing/devices/device-login.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';

export function signOutDeviceRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.delete(
    '/device/sign-ins/current',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'sign-out-device',
        tags: ['phones'],
        summary: 'End the token',
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await signOutDevice(services.signing.devices, deviceOf(request));
      return reply.code(204).send(null);
    },
  );
}
