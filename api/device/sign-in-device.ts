import { Type } from 'typebox';

import { signInDevice } from '../../signing/devices/device-login.ts';
import type { ApiServices } from '../api-services.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { DEVICE_RATE } from './challenge-device.ts';
import { Sha256Hex, SignatureValue } from './device-schemas.ts';

export function signInDeviceRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/sign-ins',
    {
      config: { access: 'public', rateLimit: DEVICE_RATE },
      schema: {
        operationId: 'sign-in-device',
        tags: ['phones'],
        summary: 'Exchange a signed nonce for a token of thirty days',
        description:
          'What is signed, with SHA-256, is the canonical JSON (RFC 8785) of {"certificateSha256": hexadecimal, "nonce", ' +
          '"type": "mohr-device-sign-in"}. An application whose key signs SHA-256 values as they are may show that with ' +
          'digestSignature, over the SHA-256 value of the same with "type": "mohr-ready-digest", each octet inverted; from then on ' +
          'it may be asked for format raw.',
        body: Type.Object(
          {
            certificateSha256: Sha256Hex,
            nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
            signature: SignatureValue,
            digestSignature: Type.Optional(SignatureValue),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ token: Type.String(), expiresAt: Instant }), ...problems },
      },
    },
    async (request, reply) => {
      const { certificateSha256, nonce, signature, digestSignature } = request.body;
      const { token, expiresAt } = await signInDevice(services.signing.devices, {
        certificateSha256: Buffer.from(certificateSha256, 'hex'),
        nonce: Buffer.from(nonce, 'base64url'),
        signature: Buffer.from(signature, 'base64'),
        ...(digestSignature !== undefined && { digestSignature: Buffer.from(digestSignature, 'base64') }),
      });
      return reply.code(201).send({ token, expiresAt: expiresAt.toISOString() });
    },
  );
}
