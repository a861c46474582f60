import { Type } from 'typebox';

import { giveActivationData } from '../../signing/csc/activation-data.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf } from './csc-caller.ts';
import type { CscRouteServices } from './csc-services.ts';

export function checkAuthorizationRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/credentials/authorizeCheck',
    {
      config: { access: 'csc-client' },
      schema: {
        operationId: 'csc-credentials-authorize-check',
        tags: ['CSC API v2'],
        summary: 'Whether the holder has confirmed on the phone; then the signature activation data (§11.7)',
        body: Type.Object({ handle: Type.String({ maxLength: 100 }) }),
        response: {
          200: Type.Object({ SAD: Type.String(), expiresIn: Type.Integer() }),
          202: Type.Object({ handle: Type.String() }),
          ...cscRefusals,
        },
      },
    },
    async (request, reply) => {
      const { handle } = request.body;
      const given = await giveActivationData(csc.house, cscCallerOf(request).party.id, handle);
      if (!given) return reply.code(202).send({ handle });
      return reply.send({ SAD: given.sad, expiresIn: given.expiresIn });
    },
  );
}
