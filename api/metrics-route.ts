import type { FastifyInstance } from 'fastify';

import { DomainError } from '../core/errors.ts';
import type { OcspCounts } from './ocsp-front/ocsp-counts.ts';

/** One answered request, as it is counted; no address, no name, no parameter. */
export interface AnsweredRequest {
  method: string;
  /** With its parameters' names, e.g. `/api/v1/applications/:id`; `none` for an address that does not exist. */
  route: string;
  status: number;
  /** From the head of the request to the end of the answer; long polls take as long as they wait. */
  seconds: number;
}

/** What the service counts about itself. */
export interface MetricsEndpoint {
  /** Whether this is the token of the deployment's metrics. */
  isToken(token: string): boolean;
  countAnswer(answer: AnsweredRequest): void;
  /** Counts that go on by themselves: OCSP requests are answered ahead of all routes. */
  watchOcspAnswers(counts: Readonly<OcspCounts>): void;
  /** In the text format of Prometheus. */
  render(): Promise<{ contentType: string; text: string }>;
}

/** Counts the answers of all routes that are made after this. */
export function countAnswers(app: FastifyInstance, metrics: MetricsEndpoint): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const seconds = reply.elapsedTime / 1000;
    metrics.countAnswer({ method: request.method, route, status: reply.statusCode, seconds });
    done();
  });
}

/**
 * `GET /metrics`, for whoever has the bearer token (RFC 6750 §2.1). Where a request comes from says nothing: behind a proxy on
 * the same machine all come from there.
 */
export function metricsRoute(app: FastifyInstance, metrics: MetricsEndpoint): void {
  app.get(
    '/metrics',
    { config: { access: 'public' as const }, schema: { hide: true } },
    async (request, reply) => {
      const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,1024})$/i.exec(request.headers.authorization ?? '')?.[1];
      if (token === undefined || !metrics.isToken(token)) {
        reply.header('www-authenticate', 'Bearer realm="metrics"');
        throw new DomainError('metrics-token', 'metrics want the bearer token of this deployment');
      }
      const { contentType, text } = await metrics.render();
      return reply.header('cache-control', 'no-store').header('content-type', contentType).send(text);
    },
  );
}
