import type { FastifyReply, FastifyRequest } from 'fastify';

import type { TypedApp } from '../typed-app.ts';
import { CSC_PREFIX } from './csc-services.ts';
import type { CscRouteServices } from './csc-services.ts';

const OAUTH_RATE = { max: 600, timeWindow: '1 minute' };

/** Endpoints of OAuth 2.0, in the order in which a client meets them. */
const ENDPOINTS: readonly { method: 'GET' | 'POST'; url: string; summary: string }[] = [
  {
    method: 'POST',
    url: '/oauth2/pushed_authorize',
    summary: 'Push an authorization request (RFC 9126); the client authenticates as for a token',
  },
  { method: 'GET', url: '/oauth2/authorize', summary: 'Where a holder’s browser is sent with a request_uri' },
  { method: 'GET', url: '/oauth2/authorize/:uid', summary: 'Where it goes on once the phone has answered' },
  { method: 'POST', url: '/oauth2/token', summary: 'Exchange a code, or the client’s own authentication' },
  { method: 'POST', url: '/oauth2/revoke', summary: 'End a token (RFC 7009)' },
  { method: 'GET', url: '/oauth2/jwks', summary: 'Keys of the OAuth server; its tokens are random numbers' },
];

const METADATA = '/.well-known/oauth-authorization-server';

/** Give them an app of their own: the OAuth server reads bodies and writes answers by itself. */
export function oauthEndpoints(app: TypedApp, { csc }: CscRouteServices): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  const pass = async (request: FastifyRequest, reply: FastifyReply, url: string) => {
    // What plugins have set so far, e.g. security headers, goes along.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    request.raw.url = url;
    await csc.oauth.handle(request.raw, reply.raw);
  };
  for (const { method, url, summary } of ENDPOINTS) {
    app.route({
      method,
      url: `${CSC_PREFIX}${url}`,
      config: { access: 'public', rateLimit: OAUTH_RATE },
      schema: {
        operationId: `oauth-${method.toLowerCase()}-${url.replace(/[^a-z0-9]+/gi, '-').slice(1)}`,
        tags: ['CSC API v2'],
        summary,
      },
      handler: (request, reply) => pass(request, reply, request.url.slice(CSC_PREFIX.length)),
    });
  }
  // RFC 8414 §3.1 puts the well-known part before the issuer's path; libraries look in both places.
  for (const url of [`${METADATA}${CSC_PREFIX}`, `${CSC_PREFIX}${METADATA}`]) {
    app.get(url, { config: { access: 'public' }, schema: { hide: true } }, (request, reply) =>
      pass(request, reply, METADATA),
    );
  }
}
