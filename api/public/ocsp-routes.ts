import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';

import { DomainError } from '../../core/errors.ts';
import { OCSP_REQUEST_OCTETS_MAX } from '../../pki/ocsp-request.ts';
import { limitConnections } from '../ocsp-front/limit-connections.ts';
import { logCounts } from '../ocsp-front/log-counts.ts';
import type { OcspCounts } from '../ocsp-front/ocsp-counts.ts';
import { OcspDesk } from '../ocsp-front/ocsp-desk.ts';
import type { AskedResponder } from '../ocsp-front/ocsp-desk.ts';
import { serveOcspFirst } from '../ocsp-front/ocsp-front.ts';
import type { OcspReply } from '../ocsp-front/ocsp-reply.ts';
import { OCSP_REQUEST_MEDIA_TYPE } from '../ocsp-front/request-head.ts';

/**
 * `POST /ocsp/<ca>` and `GET /ocsp/<ca>/<base64>` (RFC 6960 appendix A.1, RFC 5019 §5). Give it an app of its own to
 * encapsulate the parser of OCSP requests in: no other body is let in. Over a socket most requests are answered ahead of
 * these routes, by the same desk; what comes here is what that way leaves: refusals, bodies in chunks, unusual headers, and
 * what follows on the same connection.
 */
export function ocspRoutes(
  app: FastifyInstance,
  options: {
    responder: AskedResponder;
    onCounts?: (counts: OcspCounts) => void;
    /** As in `AppOptions`. */
    stopping?: AbortSignal | undefined;
  },
): void {
  const desk = new OcspDesk(options.responder);
  const held = serveOcspFirst(app.server, desk, app.log);
  options.stopping?.addEventListener('abort', () => held.leave());
  app.addHook('preClose', async () => held.close());
  limitConnections(app.server, held);
  logCounts(app, desk.counts);
  options.onCounts?.(desk.counts);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    OCSP_REQUEST_MEDIA_TYPE,
    { parseAs: 'buffer', bodyLimit: OCSP_REQUEST_OCTETS_MAX },
    async (_request: FastifyRequest, body: Buffer) => body,
  );
  const route = { config: { access: 'public' as const }, schema: { hide: true } };

  app.post('/ocsp/:ca', route, async (request, reply) => {
    const authorityId = hostedAuthority(request);
    const body = Buffer.isBuffer(request.body) ? request.body : NO_REQUEST;
    return send(reply, await desk.post(authorityId, body));
  });

  app.get('/ocsp/:ca/*', route, async (request, reply) => {
    const authorityId = hostedAuthority(request);
    return send(reply, await desk.get(authorityId, request.raw.url ?? '', request.headers));
  });

  // Refused before a body is read: whatever it is, nobody wants it (RFC 9110 §15.5.6).
  for (const [url, allow, method] of OTHER_METHODS) {
    const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('allow', allow);
      throw new DomainError('method-not-allowed', `${request.method} is not for this address`);
    };
    app.route({ ...route, url, method, onRequest, handler: async () => undefined });
  }

  function hostedAuthority(request: FastifyRequest): string {
    const { ca } = request.params as { ca: string };
    if (!desk.hosts(ca))
      throw new DomainError('not-found', `no authority ${ca.slice(0, 40)} is answered for here`);
    return ca;
  }
}

const OTHER_METHODS: readonly [url: string, allow: string, others: HTTPMethods[]][] = [
  ['/ocsp/:ca', 'POST', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']],
  ['/ocsp/:ca/*', 'GET, HEAD', ['POST', 'PUT', 'PATCH', 'DELETE']],
];

/** What cannot be read as a request at all is answered as a malformed one. */
const NO_REQUEST = Buffer.alloc(0);

function send(reply: FastifyReply, { status, head, body }: OcspReply): FastifyReply {
  for (let at = 0; at < head.length; at += 2) reply.header(head[at], head[at + 1]);
  return reply.code(status).send(body);
}
