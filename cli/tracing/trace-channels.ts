import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type { TracingChannel } from 'node:diagnostics_channel';

import { STATEMENTS } from '../../db/traced-statement.ts';
import type { TracedStatement } from '../../db/traced-statement.ts';
import type { Span } from './span.ts';
import type { Tracer } from './tracer.ts';

/** What is told of a signature: by which key, in the words of logs. */
export interface TracedSignature {
  label: string;
  algorithm: string;
}

export const SIGNATURES = tracingChannel<'mohr.signature', TracedSignature>('mohr.signature');

/** What undici, which is behind `fetch`, publishes of a request; its path may name somebody, and is not looked at. */
interface FetchedRequest {
  request: { origin: string | URL; method: string };
  response?: { statusCode: number };
}

/** Listens to statements, signatures and outgoing fetches, and makes spans of them; returns what ends it. */
export function traceChannels(tracer: Tracer): () => void {
  const stops = [
    traceWork(STATEMENTS, tracer, ({ name }: TracedStatement) =>
      tracer.child(`sql ${name}`, 'client', { 'db.system.name': 'postgresql', 'db.query.summary': name }),
    ),
    traceWork(SIGNATURES, tracer, ({ label, algorithm }: TracedSignature) =>
      tracer.child('sign', 'internal', { 'mohr.key': label, 'mohr.algorithm': algorithm }),
    ),
    traceFetches(tracer),
  ];
  return () => stops.forEach((stop) => stop());
}

function traceWork<Told extends object>(
  channel: TracingChannel<string, Told>,
  tracer: Tracer,
  begin: (told: Told) => Span | undefined,
): () => void {
  const underWay = new WeakMap<object, Span>();
  const end = (told: object) => {
    const span = underWay.get(told);
    if (span) tracer.finish(span, { hasFailed: 'error' in told });
    underWay.delete(told);
  };
  const subscribers = {
    start: (told: unknown) => {
      const span = begin(told as Told);
      if (span) underWay.set(told as object, span);
    },
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: end,
    error: () => undefined,
  };
  channel.subscribe(subscribers);
  return () => void channel.unsubscribe(subscribers);
}

function traceFetches(tracer: Tracer): () => void {
  const underWay = new WeakMap<object, Span>();
  const end = (request: object, more: Parameters<Tracer['finish']>[1]) => {
    const span = underWay.get(request);
    if (span) tracer.finish(span, more);
    underWay.delete(request);
  };
  const listeners: Record<string, (message: unknown) => void> = {
    'undici:request:create': (message) => {
      const { request } = message as FetchedRequest;
      const { method, origin } = request;
      const attributes = { 'server.address': new URL(origin).host, 'http.request.method': method };
      const span = tracer.child(method, 'client', attributes);
      if (span) underWay.set(request, span);
    },
    'undici:request:headers': (message) => {
      const { request, response } = message as FetchedRequest;
      const status = response?.statusCode ?? 0;
      end(request, { attributes: { 'http.response.status_code': status }, hasFailed: status >= 400 });
    },
    'undici:request:error': (message) => end((message as FetchedRequest).request, { hasFailed: true }),
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener);
  };
}
