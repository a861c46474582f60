import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { DomainError } from '../../core/errors.ts';
import type { Cacheable, OcspAnswer } from '../../ocsp/ocsp-answer.ts';
import type { OcspResponder } from '../../ocsp/responder.ts';
import { OCSP_REQUEST_OCTETS_MAX } from '../../pki/ocsp-request.ts';
import { namesEntityTag } from './entity-tag.ts';
import { ocspRequestInPath } from './ocsp-request-in-path.ts';

const REQUEST_MEDIA_TYPE = 'application/ocsp-request';
const RESPONSE_MEDIA_TYPE = 'application/ocsp-response';

/** An answer that is good now and for this caller only; RFC 5019 §6.2 keeps no-store and no-cache off authoritative answers. */
const NOT_TO_BE_REUSED = 'private, max-age=0, must-revalidate';
const NOT_TO_BE_STORED = 'no-store';

/** A node that lost its source or its key is back, or out of rotation, after this. */
const RETRY_AFTER_SECONDS = 30;

/**
 * `POST /ocsp/<ca>` and `GET /ocsp/<ca>/<base64>` (RFC 6960 appendix A.1, RFC 5019 §5). Give it an app of its own to
 * encapsulate the parser of OCSP requests in: no other body is let in.
 */
export function ocspRoutes(
  app: FastifyInstance,
  options: { responder: Pick<OcspResponder, 'respond' | 'hosts'> },
): void {
  const { responder } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    REQUEST_MEDIA_TYPE,
    { parseAs: 'buffer', bodyLimit: OCSP_REQUEST_OCTETS_MAX },
    async (_request: FastifyRequest, body: Buffer) => body,
  );
  const route = { config: { access: 'public' as const }, schema: { hide: true } };

  app.post('/ocsp/:ca', route, async (request, reply) => {
    const authorityId = hostedAuthority(request);
    const body = Buffer.isBuffer(request.body) ? request.body : NO_REQUEST;
    return send(reply, await responder.respond(body, authorityId));
  });

  app.get('/ocsp/:ca/*', route, async (request, reply) => {
    const authorityId = hostedAuthority(request);
    const answer = await responder.respond(
      ocspRequestInPath(request.raw.url ?? '') ?? NO_REQUEST,
      authorityId,
    );
    if (answer.cacheable && isCopyCurrent(request, answer.cacheable))
      return reply.headers(headersOf(answer)).code(304).send();
    return send(reply, answer);
  });

  function hostedAuthority(request: FastifyRequest): string {
    const { ca } = request.params as { ca: string };
    if (!responder.hosts(ca))
      throw new DomainError('not-found', `no authority ${ca.slice(0, 40)} is answered for here`);
    return ca;
  }
}

/** What cannot be read as a request at all is answered as a malformed one. */
const NO_REQUEST = Buffer.alloc(0);

function send(reply: FastifyReply, answer: OcspAnswer): FastifyReply {
  return reply.headers(headersOf(answer)).type(RESPONSE_MEDIA_TYPE).send(answer.body);
}

/** Headers of RFC 5019 §6.2. */
function headersOf({ status, cacheable }: OcspAnswer): Record<string, string> {
  if (cacheable) {
    return {
      'cache-control': `max-age=${cacheable.maxAgeSeconds}, public, no-transform, must-revalidate`,
      etag: `"${cacheable.etag}"`,
      'last-modified': cacheable.thisUpdate.toUTCString(),
      expires: cacheable.nextUpdate.toUTCString(),
    };
  }
  if (status === 'successful') return { 'cache-control': NOT_TO_BE_REUSED };
  if (status !== 'tryLater') return { 'cache-control': NOT_TO_BE_STORED };
  return { 'cache-control': NOT_TO_BE_STORED, 'retry-after': String(RETRY_AFTER_SECONDS) };
}

/** If-None-Match goes before If-Modified-Since (RFC 9110 §13.2.2). */
function isCopyCurrent(
  { headers }: FastifyRequest,
  { etag, thisUpdate, comparableByDate }: Cacheable,
): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return namesEntityTag(tags, `"${etag}"`);
  const since = headers['if-modified-since'];
  return comparableByDate && since !== undefined && thisUpdate.getTime() <= Date.parse(since);
}
