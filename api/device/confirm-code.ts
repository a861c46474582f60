import { Type } from 'typebox';

import { confirmCode } from '../../signing/devices/answer-session.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { RequestParams, StateView } from './device-schemas.ts';

export function confirmCodeRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/signature-sessions/:id/code',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'confirm-code',
        tags: ['phones'],
        summary: 'The code that the holder chose of the three; a wrong one ends the request',
        params: RequestParams,
        body: Type.Object({ code: Type.String({ pattern: '^[0-9]{4}$' }) }, { additionalProperties: false }),
        response: { 200: StateView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as SessionId;
      return confirmCode(services.signing.sessions, deviceOf(request), id, request.body.code);
    },
  );
}
