import { Socket } from 'node:net';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { answerUnreadableRequest } from './answer-unreadable-request.ts';

// Node has one limit for all requests of a server (`requestTimeout`), and knows no routes: ten megabytes from an office with
// 1 Mbit/s take a minute and a half, and nothing else may. Here each route's body has the time that it needs.

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body may take as long as it keeps coming; every other one has 30 s. */
    isUpload?: boolean;
    /** The same, while it is being answered: what comes is worked on as it comes. */
    isExchange?: boolean;
  }
}

/** Every body but an upload is whole within one window. */
const WINDOW_MILLISECONDS = 30_000;
/** 128 kbit/s, an eighth of an office's slow line: what comes slower only holds a connection (slow loris). */
const UPLOAD_OCTETS_PER_SECOND_MIN = 16 * 1024;
const UPLOAD_OCTETS_PER_WINDOW_MIN = (WINDOW_MILLISECONDS / 1000) * UPLOAD_OCTETS_PER_SECOND_MIN;

/** Milliseconds after which the server itself ends any request: the longest upload at the lowest rate takes no more. */
export function uploadMillisecondsMax(octets: number): number {
  return Math.ceil(octets / UPLOAD_OCTETS_PER_SECOND_MIN) * 1000 + WINDOW_MILLISECONDS;
}

/** Register it before what answers without reading: a body that nobody wants any more gets no more time than others. */
export function limitBodyTime(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    // An injected request has no socket that could be slow.
    if (hasBody && raw.socket instanceof Socket) watchBody(request, reply);
    done();
  });
}

function watchBody({ raw, routeOptions }: FastifyRequest, { raw: answer }: FastifyReply): void {
  const { socket } = raw;
  let seen = socket.bytesRead;
  const watch = setInterval(() => {
    if (raw.complete) return clearInterval(watch);
    const octets = socket.bytesRead - seen;
    seen = socket.bytesRead;
    const isAnswered = answer.headersSent;
    const { isUpload, isExchange } = routeOptions.config;
    const mayGoOn = isExchange || (isUpload && !isAnswered);
    if (mayGoOn && octets >= UPLOAD_OCTETS_PER_WINDOW_MIN) return;
    clearInterval(watch);
    // A second answer to one request would be taken for that of the next.
    if (isAnswered) socket.destroy();
    else answerUnreadableRequest(TOO_SLOW, socket);
  }, WINDOW_MILLISECONDS);
  watch.unref();
  raw.once('close', () => clearInterval(watch));
}

const TOO_SLOW: NodeJS.ErrnoException = Object.assign(new Error('the body came too slowly'), {
  code: 'ERR_HTTP_REQUEST_TIMEOUT',
});
