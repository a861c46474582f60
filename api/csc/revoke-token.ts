import { Type } from 'typebox';

import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf } from './csc-caller.ts';
import { ClientData } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

export function revokeTokenRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/auth/revoke',
    {
      config: { access: 'csc-client' },
      schema: {
        operationId: 'csc-auth-revoke',
        tags: ['CSC API v2'],
        summary: 'End an access token (§11.3)',
        body: Type.Object({
          token: Type.String({ maxLength: 200 }),
          token_type_hint: Type.Optional(Type.Enum(['access_token', 'refresh_token'])),
          clientData: ClientData,
        }),
        response: { 204: Type.Null(), ...cscRefusals },
      },
    },
    async (request, reply) => {
      await csc.oauth.revoke(cscCallerOf(request).party.id, request.body.token);
      return reply.code(204).send(null);
    },
  );
}
