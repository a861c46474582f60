import { refuseSession } from '../../signing/devices/answer-session.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { RequestParams, StateView } from './device-schemas.ts';

export function refuseRequestRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/signature-sessions/:id/refusal',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'refuse-request',
        tags: ['phones'],
        summary: 'The holder does not sign',
        params: RequestParams,
        response: { 200: StateView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as SessionId;
      return refuseSession(services.signing.sessions, deviceOf(request), id);
    },
  );
}
