import type { FastifyInstance } from 'fastify';

/** Follows requests into what they cause; there is one only where traces are exported. */
export interface RequestTracer<Span = unknown> {
  /** Begins a span for a request and goes on within it. */
  begin(request: { id: string; method: string; traceparent: string | undefined }, goOn: () => void): Span;
  /** The route with its parameters' names, never the address. */
  end(span: Span, answer: { route: string; status: number }): void;
}

declare module 'fastify' {
  interface FastifyRequest {
    span: unknown;
  }
}

/** Traces the answers of all routes that are made after this. */
export function traceRequests(app: FastifyInstance, tracer: RequestTracer): void {
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers;
    const { id, method } = request;
    const parent = typeof traceparent === 'string' ? traceparent : undefined;
    request.span = tracer.begin({ id, method, traceparent: parent }, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    if (request.span !== undefined) tracer.end(request.span, { route, status: reply.statusCode });
    done();
  });
}
