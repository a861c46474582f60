import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEXADECIMAL = /^[0-9a-f]{32}$/i;

const ID_OCTETS = 16;

/**
 * 32 hexadecimal digits, the trace id of W3C Trace Context (§3.2.2.3). A caller's `traceparent` or `X-Request-Id` is taken
 * over only as such a number or a UUID: whatever else somebody writes there would stand in the log, a name or a national
 * id too.
 */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const { traceparent, 'x-request-id': given } = headers;
  const trace = typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.[1] : undefined;
  if (trace !== undefined) return trace;
  if (typeof given === 'string' && (UUID.test(given) || HEXADECIMAL.test(given)))
    return given.replaceAll('-', '').toLowerCase();
  return randomBytes(ID_OCTETS).toString('hex');
}

/** Says the request's id in every answer of the routes that are made after this. */
export function answerWithIds(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // OCSP answers are the same on the socket and here, and caches keep them.
    if (!request.url.startsWith('/ocsp/')) reply.header('x-request-id', request.id);
    done();
  });
}
