import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { FastifyBaseLogger } from 'fastify';

import { OCSP_REQUEST_OCTETS_MAX } from '../../pki/ocsp-request.ts';
import type { OcspDesk } from './ocsp-desk.ts';
import type { OcspReply } from './ocsp-reply.ts';

export const OCSP_REQUEST_MEDIA_TYPE = 'application/ocsp-request';
const PREFIX = '/ocsp/';
/** What is longer is the routes' to answer or refuse. */
const ADDRESS_CHARACTERS_MAX = 4096;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Lets a server answer well-formed OCSP requests before its other listeners see them: a framework's router and reply cost
 * as much as all the rest of a prepared answer. Everything else, refusals too, goes on to the listeners that were there.
 */
export function serveOcspFirst(server: Server, desk: OcspDesk, logger: FastifyBaseLogger): void {
  const others = server.listeners('request') as Listener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const isTaken = request.method === 'POST' ? takePost(request, response) : takeGet(request, response);
    if (!isTaken) for (const other of others) other.call(server, request, response);
  });

  function takePost(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '', headers } = request;
    if (!url.startsWith(PREFIX) || headers['content-type'] !== OCSP_REQUEST_MEDIA_TYPE) return false;
    const authorityId = url.slice(PREFIX.length);
    const octets = Number(headers['content-length']);
    // NaN, without a length or in chunks, is not in the range either.
    if (!(octets > 0 && octets <= OCSP_REQUEST_OCTETS_MAX) || !desk.hosts(authorityId)) return false;
    readBody(request, octets, (body) => answer(response, () => desk.post(authorityId, body)));
    return true;
  }

  function takeGet(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '', headers, method } = request;
    if (!url.startsWith(PREFIX) || url.length > ADDRESS_CHARACTERS_MAX) return false;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const slash = url.indexOf('/', PREFIX.length);
    const authorityId = url.slice(PREFIX.length, slash);
    if (slash < 0 || !desk.hosts(authorityId)) return false;
    answer(response, () => desk.get(authorityId, url, headers));
    return true;
  }

  function answer(response: ServerResponse, ask: () => OcspReply | Promise<OcspReply>): void {
    try {
      const reply = ask();
      if (reply instanceof Promise) reply.then((made) => send(response, made), failed);
      else send(response, reply);
    } catch (error) {
      failed(error);
    }

    function failed(error: unknown): void {
      logger.error({ err: error }, 'OCSP request failed');
      response.destroy();
    }
  }

  function send(response: ServerResponse, { status, head, body }: OcspReply): void {
    // A server that is closing answers what is under way, and lets each connection go with its answer.
    response.writeHead(status, server.listening ? head : [...head, 'connection', 'close']);
    response.end(body);
  }
}

/** Calls back once with all octets of the body; with none when the client goes away before they are there. */
function readBody(request: IncomingMessage, octets: number, done: (body: Buffer) => void): void {
  let body: Buffer | undefined;
  request.on('data', (chunk: Buffer) => {
    body = body === undefined ? chunk : Buffer.concat([body, chunk]);
    // Node lets no more in than the length that was announced, so nothing follows.
    if (body.length === octets) done(body);
  });
}
