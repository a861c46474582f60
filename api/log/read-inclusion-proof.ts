import { Type } from 'typebox';

import type { LeafQuery } from '../../audit/transparency-store.ts';
import { proveEvent } from '../../audit/prove-event.ts';
import { DomainError } from '../../core/errors.ts';
import { AuthorityId, SerialHex, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PROOF_RATE } from './log-services.ts';
import type { LogServices } from './log-services.ts';

const CERTIFICATE_ACTIONS = [
  'issue-certificate',
  'import-certificate',
  'hold-certificate',
  'release-certificate',
  'revoke-certificate',
] as const;

const querystring = Type.Object(
  {
    eventId: Type.Optional(Type.Integer({ minimum: 1 })),
    authorityId: Type.Optional(AuthorityId),
    serialNumber: Type.Optional(SerialHex),
    action: Type.Optional(
      Type.Enum(CERTIFICATE_ACTIONS, {
        default: 'issue-certificate',
        description: 'Of the certificate: its issuance, or its last change of this kind',
      }),
    ),
    applicationId: Type.Optional({ ...Uuid, description: 'Its approval' }),
  },
  { additionalProperties: false, description: 'One of: event, certificate, application' },
);

const Base64 = Type.String({ contentEncoding: 'base64' });

const InclusionProofView = Type.Object({
  leaf: Type.Object({}, { additionalProperties: true, description: 'What is public of the event' }),
  leafIndex: Type.Integer(),
  treeSize: Type.Integer(),
  hashes: Type.Array(Base64, { description: 'From the leaf upwards (RFC 6962 §2.1.1)' }),
  checkpoint: Type.String({ description: 'Signed note, with the signatures of witnesses' }),
  timeStamp: Type.Optional({
    ...Base64,
    description: 'RFC 3161 token over the SHA-256 of the checkpoint with the signatures of the log alone',
  }),
  tlogProof: Type.String({ description: 'All of it in one text (c2sp.org/tlog-proof)' }),
});

export function readInclusionProofRoute(app: TypedApp, services: { log: LogServices }): void {
  app.get(
    '/log/inclusion-proof',
    {
      config: { access: 'public', rateLimit: PROOF_RATE },
      schema: {
        operationId: 'read-inclusion-proof',
        tags: ['log'],
        summary: 'Prove that an event, an issuance, a status change or an approval is in the log',
        querystring,
        response: { 200: InclusionProofView, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { hashes, timeStamp, leaf, ...proof } = await proveEvent(
        services.log.transparency,
        queryOf(request.query),
      );
      return {
        ...proof,
        leaf: { ...leaf },
        hashes: hashes.map((hash) => hash.toString('base64')),
        ...(timeStamp && { timeStamp: timeStamp.toString('base64') }),
      };
    },
  );
}

function queryOf(query: {
  eventId?: number;
  authorityId?: string;
  serialNumber?: string;
  action?: (typeof CERTIFICATE_ACTIONS)[number];
  applicationId?: string;
}): LeafQuery {
  const { eventId, authorityId, serialNumber, action = 'issue-certificate', applicationId } = query;
  if (eventId !== undefined) return { eventId };
  if (applicationId !== undefined)
    return { subject: `application:${applicationId.toLowerCase()}`, action: 'approve-application' };
  if (authorityId !== undefined && serialNumber !== undefined)
    return { subject: `certificate:${authorityId}/${serialNumber.toLowerCase()}`, action };
  throw new DomainError(
    'leaf-not-named',
    'expected eventId, or authorityId and serialNumber, or applicationId',
  );
}
