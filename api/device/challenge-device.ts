import { Type } from 'typebox';

import { challengeDevice } from '../../signing/devices/device-login.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

/** Mobile networks put thousands of phones behind one address. */
export const DEVICE_RATE = { max: 600, timeWindow: '1 minute' };

export function challengeDeviceRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/challenges',
    {
      config: { access: 'public', rateLimit: DEVICE_RATE },
      schema: {
        operationId: 'challenge-device',
        tags: ['phones'],
        summary: 'A nonce to sign with the key of a certificate, once and within two minutes',
        body: Type.Object({}, { additionalProperties: false }),
        response: { 201: Type.Object({ nonce: Type.String({ description: 'base64url' }) }), ...problems },
      },
    },
    async (_request, reply) => {
      const nonce = await challengeDevice(services.signing.devices);
      return reply.code(201).send({ nonce: nonce.toString('base64url') });
    },
  );
}
