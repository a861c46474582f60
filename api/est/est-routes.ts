import { TLSSocket } from 'node:tls';

import type { FastifyRequest } from 'fastify';

import { DomainError } from '../../core/errors.ts';
import type { PublishedAuthority } from '../api-services.ts';
import type { TypedApp } from '../typed-app.ts';
import { caCertificatesRoute } from './ca-certificates.ts';
import { csrAttributesRoute } from './csr-attributes.ts';
import { EST_BODY_CHARACTERS_MAX } from './est-base64.ts';
import { simpleEnrolRoute } from './simple-enrol.ts';
import type { EnrolServices } from './simple-enrol.ts';
import { simpleReenrolRoute } from './simple-reenrol.ts';
import type { ReenrolServices } from './simple-reenrol.ts';

export interface EstServices extends EnrolServices, ReenrolServices {
  authorities: readonly PublishedAuthority[];
}

/**
 * Enrolment over Secure Transport (RFC 7030, with the clarifications of RFC 8951) for each issuing CA under its own label, and
 * without one for all of them.
 *
 * @see RFC 7030 §3.2.2
 */
export function estRoutes(app: TypedApp, services: EstServices): void {
  app.addContentTypeParser(
    'application/pkcs10',
    { parseAs: 'string', bodyLimit: EST_BODY_CHARACTERS_MAX },
    (_request, body, done) => done(null, body),
  );
  app.addHook('onRequest', async (request) => assertTls(request));
  for (const base of ['/.well-known/est', '/.well-known/est/:label']) {
    caCertificatesRoute(app, base, services.authorities);
    csrAttributesRoute(app, base, services.authorities);
    simpleEnrolRoute(app, base, services);
    simpleReenrolRoute(app, base, services);
  }
}

/** RFC 7030 §3.3: all of it goes over TLS that ends here, for secrets and client certificates come with it. */
function assertTls({ raw: { socket } }: FastifyRequest): void {
  if (socket instanceof TLSSocket) return;
  throw new DomainError(
    'tls-required',
    'EST is served over TLS only, where this service itself listens with it',
  );
}
