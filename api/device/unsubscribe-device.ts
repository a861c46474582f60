import { Type } from 'typebox';

import { unsubscribeDevice } from '../../signing/push/subscribe-device.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';

export function unsubscribeDeviceRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.delete(
    '/device/push-subscription',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'unsubscribe-device',
        tags: ['phones'],
        summary: 'Do not wake this phone any more',
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await unsubscribeDevice(services.signing.subscriptions, deviceOf(request));
      return reply.code(204).send(null);
    },
  );
}
