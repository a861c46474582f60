import { Type } from 'typebox';

import { displaySession } from '../../signing/devices/answer-session.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { Instant, problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import { RequestParams, Sha256Hex } from './device-schemas.ts';

const DisplayView = Type.Object({
  codeChoices: Type.Array(Type.String()),
  signingTime: Instant,
});

export function displayRequestRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.post(
    '/device/signature-sessions/:id/display',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'display-request',
        tags: ['phones'],
        summary: 'What the phone shows; answered with the codes to choose from and the time that is signed',
        description:
          'SHA-256 over the canonical JSON of all documents as they are shown: [{"title", "lines": [[label, text], …]}, …]. ' +
          'Another display than the one of the service ends the request.',
        params: RequestParams,
        body: Type.Object({ displaySha256: Sha256Hex }, { additionalProperties: false }),
        response: { 200: DisplayView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as SessionId;
      const shown = Buffer.from(request.body.displaySha256, 'hex');
      const { sessions } = services.signing;
      const { codeChoices, signingTime } = await displaySession(sessions, deviceOf(request), id, shown);
      return { codeChoices: [...codeChoices], signingTime: signingTime.toISOString() };
    },
  );
}
