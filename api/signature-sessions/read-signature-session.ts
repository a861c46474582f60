import { Type } from 'typebox';

import { readSession } from '../../signing/sessions/read-session.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import type { ApiServices } from '../api-services.ts';
import { Uuid, problems } from '../schemas.ts';
import { relyingPartyOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import type { UntilGone } from '../until-gone.ts';
import { SignatureSessionView, WaitSeconds, viewOfSession } from './session-view.ts';

export function readSignatureSessionRoute(
  app: TypedApp,
  services: Pick<ApiServices, 'signing'>,
  gone: UntilGone,
): void {
  app.get(
    '/signature-sessions/:id',
    {
      config: { access: 'relying-party' },
      schema: {
        operationId: 'read-signature-session',
        tags: ['signature sessions'],
        summary: 'How a session stands; with wait, as soon as it has ended',
        params: Type.Object({ id: Uuid }),
        querystring: Type.Object({ wait: Type.Optional(WaitSeconds) }),
        response: { 200: SignatureSessionView, ...problems },
      },
    },
    async (request, reply) => {
      const { wait = 0 } = request.query;
      const answer = await readSession(
        services.signing.sessions,
        relyingPartyOf(request),
        request.params.id as SessionId,
        { waitMilliseconds: wait * 1000, ...(wait > 0 && { signal: gone(reply) }) },
      );
      return viewOfSession(answer);
    },
  );
}
