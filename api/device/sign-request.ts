import { Type } from 'typebox';

import { signSession } from '../../signing/devices/sign-session.ts';
import { DOCUMENTS_MAX } from '../../signing/sessions/session.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { RequestParams, SignatureValue, StateView } from './device-schemas.ts';

export function signRequestRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/signature-sessions/:id/signatures',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'sign-request',
        tags: ['phones'],
        summary: 'What the key signed, one value for each document; sent again, it is answered alike',
        params: RequestParams,
        body: Type.Object(
          { signatures: Type.Array(SignatureValue, { minItems: 1, maxItems: DOCUMENTS_MAX }) },
          { additionalProperties: false },
        ),
        response: { 200: StateView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as SessionId;
      const values = request.body.signatures.map((one) => Buffer.from(one, 'base64'));
      return signSession(services.signing.sessions, deviceOf(request), id, values);
    },
  );
}
