import { Type } from 'typebox';

import { proveConsistency } from '../../audit/prove-event.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PROOF_RATE } from './log-services.ts';
import type { LogServices } from './log-services.ts';

const querystring = Type.Object(
  { from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);

const ConsistencyProofView = Type.Object({
  hashes: Type.Array(Type.String({ contentEncoding: 'base64' }), { description: 'RFC 6962 §2.1.2' }),
});

export function readConsistencyProofRoute(app: TypedApp, services: { log: LogServices }): void {
  app.get(
    '/log/consistency-proof',
    {
      config: { access: 'public', rateLimit: PROOF_RATE },
      schema: {
        operationId: 'read-consistency-proof',
        tags: ['log'],
        summary: 'Prove that the log of one size begins with the log of a smaller size',
        querystring,
        response: { 200: ConsistencyProofView, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const hashes = await proveConsistency(services.log.transparency, request.query.from, request.query.to);
      return { hashes: hashes.map((hash) => hash.toString('base64')) };
    },
  );
}
