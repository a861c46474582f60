import { Type } from 'typebox';

import { subscribeDevice } from '../../signing/push/subscribe-device.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { P256Point } from './device-schemas.ts';

const closed = { additionalProperties: false };

export function subscribeDeviceRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.put(
    '/device/push-subscription',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'subscribe-device',
        tags: ['phones'],
        summary: 'Where this phone can be woken (RFC 8030), until it signs out or its sign-in ends',
        description:
          'What a browser says of its subscription (PushSubscription.toJSON()), and the key that it subscribed with. What is ' +
          'sent there says that a signature is asked for, and nothing else.',
        body: Type.Object(
          {
            endpoint: Type.String({ minLength: 10, maxLength: 1_000 }),
            expirationTime: Type.Optional(Type.Union([Type.Null(), Type.Number()])),
            keys: Type.Object(
              { p256dh: P256Point, auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) },
              closed,
            ),
            applicationServerKey: P256Point,
          },
          closed,
        ),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { endpoint, keys, applicationServerKey } = request.body;
      const target = {
        endpoint,
        p256dh: Buffer.from(keys.p256dh, 'base64url'),
        authSecret: Buffer.from(keys.auth, 'base64url'),
      };
      await subscribeDevice(services.signing.subscriptions, deviceOf(request), target, applicationServerKey);
      return reply.code(204).send(null);
    },
  );
}
