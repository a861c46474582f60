import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { READ_ROLES } from '../../ra/evidence/evidence.ts';
import type { EvidenceId } from '../../ra/evidence/evidence.ts';
import type { EvidenceHouse } from '../../ra/evidence/evidence-house.ts';
import { readEvidence } from '../../ra/evidence/read-evidence.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const Binary = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

/** Endings of the names that a download gets. */
const ENDINGS = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'application/cms': 'p7m',
} as const;

export function readEvidenceRoute(app: TypedApp, house: EvidenceHouse): void {
  app.get(
    '/applications/:id/evidence/:evidenceId',
    {
      config: { access: READ_ROLES },
      schema: {
        operationId: 'read-evidence',
        tags: ['evidence'],
        summary: 'Download one paper; that it was opened is recorded',
        params: Type.Object({ id: Uuid, evidenceId: Uuid }),
        response: {
          200: {
            description: 'The paper',
            content: {
              'application/pdf': { schema: Binary },
              'image/jpeg': { schema: Binary },
              'image/png': { schema: Binary },
            },
          },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { id, evidenceId } = request.params;
      const { evidence, content } = await readEvidence(
        house,
        officerOf(request),
        id as ApplicationId,
        evidenceId as EvidenceId,
      );
      // Never shown as a page of this origin, whatever a browser makes of it.
      return reply
        .type(evidence.mediaType)
        .header(
          'content-disposition',
          `attachment; filename="${evidence.kind}-${evidence.id}.${ENDINGS[evidence.mediaType]}"`,
        )
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('x-content-type-options', 'nosniff')
        .send(content);
    },
  );
}
