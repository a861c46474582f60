import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';

import type { PublishedCrls } from '../ca/crl/crl-cache.ts';
import type { Clock } from '../core/clock.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import type { AppOptions } from './app.ts';
import { answerErrors } from './answer-errors.ts';
import type { ApiServices } from './api-services.ts';
import { healthRoutes } from './health.ts';
import { caRoutes } from './public/ca-routes.ts';
import type { DownloadableAuthority } from './public/ca-routes.ts';
import { crlRoutes } from './public/crl-routes.ts';
import type { OcspCounts } from './ocsp-front/ocsp-counts.ts';
import { ocspRoutes } from './public/ocsp-routes.ts';
import { timeStampRoute } from './public/time-stamp-route.ts';
import type { StampAnswerer } from './public/time-stamp-route.ts';
import { countAnswers, metricsRoute } from './metrics-route.ts';
import type { MetricsEndpoint } from './metrics-route.ts';
import { requireOneHost } from './one-host.ts';
import { RATE_LIMITS } from './rate-limits.ts';
import { leavePolitely } from './leave-politely.ts';
import { answerWithIds } from './request-ids.ts';
import { traceRequests } from './request-tracer.ts';
import { serverOptions } from './server-options.ts';
import type { TypedApp } from './typed-app.ts';

/** What a node without CA keys serves; a role that it does not have is absent. */
export interface StatusServices {
  readiness: ApiServices['readiness'];
  clock: Clock;
  /** Absent: it counts nothing. */
  metrics?: MetricsEndpoint;
  ocspResponder?: Pick<OcspResponder, 'answer' | 'hosts'>;
  tsa?: StampAnswerer;
  crls?: { published: PublishedCrls; authorities: readonly DownloadableAuthority[] };
}

/**
 * The HTTP side of a node that tells statuses or stamps, and nothing else: nobody signs in here, and there is no operation of the API.
 * Does not listen yet.
 */
export async function buildStatusApp(
  services: StatusServices,
  {
    logger,
    stopping,
    tracer,
    trustedProxies,
  }: Pick<AppOptions, 'logger' | 'stopping' | 'tracer' | 'trustedProxies'>,
): Promise<TypedApp> {
  const app: TypedApp = fastify(
    serverOptions(logger, trustedProxies),
  ).withTypeProvider<TypeBoxTypeProvider>();
  app.removeContentTypeParser('text/plain');
  if (tracer) traceRequests(app, tracer);
  answerWithIds(app);
  leavePolitely(app, stopping);
  answerErrors(app);
  requireOneHost(app);
  // Nobody reads anything else into what is signed here than what it says it is.
  app.addHook('onSend', async (_request, reply) => void reply.header('x-content-type-options', 'nosniff'));
  const { ocspResponder: responder, crls, clock, metrics, tsa } = services;
  if (metrics) {
    countAnswers(app, metrics);
    app.register(async (part) => metricsRoute(part, metrics));
  }
  app.register(async (part) => healthRoutes(part as TypedApp, services, stopping));
  if (responder) {
    const onCounts = (counts: OcspCounts) => metrics?.watchOcspAnswers(counts);
    app.register(async (part) => ocspRoutes(part, { responder, onCounts, stopping }));
  }
  if (tsa) {
    await app.register(rateLimit, RATE_LIMITS);
    app.register(async (part) => timeStampRoute(part, tsa));
  }
  if (crls) {
    app.register(async (part) => caRoutes(part as TypedApp, crls.authorities));
    app.register(async (part) => crlRoutes(part, { crls: crls.published, clock }));
  }
  return app;
}
