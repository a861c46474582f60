import { Type } from 'typebox';

import { countWrongPin } from '../../signing/devices/answer-session.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { RequestParams, StateView } from './device-schemas.ts';

export function countWrongPinRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/signature-sessions/:id/pin-failures',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'count-wrong-pin',
        tags: ['phones'],
        summary: 'The PIN was wrong; after the fifth in a row the certificate signs no more',
        params: RequestParams,
        response: { 200: Type.Object({ ...StateView.properties, triesLeft: Type.Integer() }), ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as SessionId;
      return countWrongPin(services.signing.sessions, deviceOf(request), id);
    },
  );
}
