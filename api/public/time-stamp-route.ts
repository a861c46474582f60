import type { FastifyInstance, FastifyRequest } from 'fastify';

import { TIME_STAMP_REQUEST_OCTETS_MAX } from '../../pki/tsp/time-stamp-request.ts';
import type { TimeStampAnswer } from '../../tsa/time-stamp-authority.ts';

/** The time-stamping authority, as the route knows it. */
export interface StampAnswerer {
  answer(request: Uint8Array): Promise<TimeStampAnswer>;
}

/** RFC 3161 §3.4. */
const QUERY_MEDIA_TYPE = 'application/timestamp-query';
const REPLY_MEDIA_TYPE = 'application/timestamp-reply';

/** Of one address: a hospital's signing service behind one proxy stays far below it. */
const RATE = { max: 600, timeWindow: '1 minute' };

/**
 * `POST /tsa` (RFC 3161 §3.4): a refusal is an answer too, with status 200. Give it an app of its own to encapsulate the
 * parser of requests in.
 */
export function timeStampRoute(app: FastifyInstance, tsa: StampAnswerer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    QUERY_MEDIA_TYPE,
    { parseAs: 'buffer', bodyLimit: TIME_STAMP_REQUEST_OCTETS_MAX },
    async (_request: FastifyRequest, body: Buffer) => body,
  );
  const config = { access: 'public' as const, rateLimit: RATE };
  app.post('/tsa', { config, schema: { hide: true } }, async (request, reply) => {
    const { body } = await tsa.answer(Buffer.isBuffer(request.body) ? request.body : NO_REQUEST);
    return reply.header('cache-control', 'no-store').type(REPLY_MEDIA_TYPE).send(body);
  });
}

/** What has no body is answered as a request in a wrong form. */
const NO_REQUEST = Buffer.alloc(0);
