import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { addEvidence, assertSize } from '../../ra/evidence/add-evidence.ts';
import { ADD_ROLES, EVIDENCE_KINDS, EVIDENCE_OCTETS_MAX } from '../../ra/evidence/evidence.ts';
import type { EvidenceKind } from '../../ra/evidence/evidence.ts';
import type { EvidenceHouse } from '../../ra/evidence/evidence-house.ts';
import { RaError } from '../../ra/ra-error.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { EvidenceView, viewOfEvidence } from './evidence-view.ts';

/** Boundaries and headers around the one file. */
const ENVELOPE_OCTETS_MAX = 64 * 1024;
/** The largest body that this service takes. */
export const UPLOAD_OCTETS_MAX = EVIDENCE_OCTETS_MAX + ENVELOPE_OCTETS_MAX;

/** Give it an app of its own: nothing else here reads multipart bodies. */
export async function addEvidenceRoute(app: TypedApp, house: EvidenceHouse): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    limits: { files: 1, fields: 0, parts: 1, fileSize: EVIDENCE_OCTETS_MAX, headerPairs: 20 },
    // A path in a name is refused, not cut off.
    preservePath: true,
    throwFileSizeLimit: false,
  });
  app.post(
    '/applications/:id/evidence',
    {
      config: { access: ADD_ROLES, isUpload: true, rateLimit: { max: 120, timeWindow: '1 minute' } },
      bodyLimit: UPLOAD_OCTETS_MAX,
      // Before a file that is too large is on its way.
      preParsing: async (request: FastifyRequest) => refuseLength(request),
      schema: {
        operationId: 'add-evidence',
        tags: ['evidence'],
        summary: 'Keep a paper with an application: PDF, JPEG or PNG of at most 10 MiB, told by its content',
        description:
          'multipart/form-data with one file. 201: it is kept; 200: this very paper was kept with this application before. ' +
          'It may take as long as it comes at 128 kbit/s or more.',
        consumes: ['multipart/form-data'],
        params: Type.Object({ id: Uuid }),
        querystring: Type.Object(
          { kind: Type.Unsafe<EvidenceKind>(Type.Enum(EVIDENCE_KINDS)) },
          { additionalProperties: false },
        ),
        response: { 200: EvidenceView, 201: EvidenceView, ...problems },
      },
    },
    async (request, reply) => {
      const file = await request.file();
      if (!file) throw new RaError('evidence-type', 'the body has no file');
      const content = await file.toBuffer();
      if (file.file.truncated) assertSize(EVIDENCE_OCTETS_MAX + 1);
      const { evidence, isNew } = await addEvidence(house, officerOf(request), {
        applicationId: request.params.id as ApplicationId,
        kind: request.query.kind,
        fileName: file.filename,
        content,
      });
      return reply.code(isNew ? 201 : 200).send(viewOfEvidence(evidence));
    },
  );
}

function refuseLength({ headers }: FastifyRequest): void {
  const length = Number(headers['content-length'] ?? 0);
  if (length > UPLOAD_OCTETS_MAX) assertSize(length - ENVELOPE_OCTETS_MAX);
}
