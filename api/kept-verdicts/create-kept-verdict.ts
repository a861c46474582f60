import { Type } from 'typebox';

import { keepVerdict } from '../../validation/kept/keep-verdict.ts';
import type { KeptVerdictHouse } from '../../validation/kept/keep-verdict.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { DOCUMENT_BODY_OCTETS_MAX, ValidationBody, handedInDocument } from '../validations/document-body.ts';

/** A counter's work; each takes room for a month. */
const RATE = { max: 6, timeWindow: '1 minute' };

const KeptLink = Type.Object({
  link: Type.String({ description: 'Opens the verdict in a browser; whoever has it sees who signed' }),
  expiresAt: Instant,
});

/** `POST /kept-verdicts`: the one way to have something kept of what is validated. */
export function createKeptVerdictRoute(
  app: TypedApp,
  services: KeptVerdictHouse & { consoleUrl: string },
): void {
  app.post(
    '/kept-verdicts',
    {
      bodyLimit: DOCUMENT_BODY_OCTETS_MAX,
      config: { access: 'public', rateLimit: RATE },
      schema: {
        operationId: 'create-kept-verdict',
        tags: ['validations'],
        summary: 'Validate a document and have the sealed verdict kept for a link; the document is not kept',
        body: ValidationBody,
        response: { 201: KeptLink, ...problems },
      },
    },
    async (request, reply) => {
      const { secret, expiresAt } = await keepVerdict(handedInDocument(request.body), services);
      const link = `${services.consoleUrl}/verify#kept=${secret}`;
      return reply.code(201).send({ link, expiresAt: expiresAt.toISOString() });
    },
  );
}
