import { Type } from 'typebox';

import { actorOf } from '../../ra/officer.ts';
import { readSignatureEvidence } from '../../signing/sessions/read-evidence.ts';
import type { SessionId } from '../../signing/sessions/session.ts';
import { officerOf } from '../access.ts';
import type { ApiServices } from '../api-services.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

export function readSignatureEvidenceRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.get(
    '/signature-sessions/:id/evidence',
    {
      config: { access: ['security-officer', 'auditor'] },
      schema: {
        operationId: 'read-signature-evidence',
        tags: ['signature sessions'],
        summary: 'What was shown, confirmed and signed in a session; that it was read is recorded',
        params: Type.Object({ id: Uuid }),
        response: { 200: Type.Record(Type.String(), Type.Unknown()), ...problems },
      },
    },
    async (request) =>
      readSignatureEvidence(
        services.signing.sessions,
        actorOf(officerOf(request)),
        request.params.id as SessionId,
      ),
  );
}
