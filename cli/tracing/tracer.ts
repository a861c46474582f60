import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

import type { RequestTracer } from '../../api/request-tracer.ts';
import type { Clock } from '../../core/clock.ts';
import type { Span, SpanAttributes, SpanKind } from './span.ts';

export interface TracerOptions {
  clock: Clock;
  /** 0 to 1: which part of all traces is kept. By the trace's id, so that all nodes keep the same ones. */
  share: number;
  onEnd(span: Span): void;
}

const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-/;
const SPAN_ID_OCTETS = 8;
/** The last digits of a trace id are random (W3C Trace Context, level 2, §3.2.2.3.1); a number holds so many exactly. */
const RANDOM_DIGITS = 13;

/** Makes spans for requests, and below them for what they cause; what no request causes is not traced. */
export class Tracer implements RequestTracer<Span | undefined> {
  readonly #options: TracerOptions;
  readonly #current = new AsyncLocalStorage<Span | undefined>();

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  begin({ id, method, traceparent }: Parameters<RequestTracer['begin']>[0], goOn: () => void) {
    const span = this.#isKept(id) ? this.#root(id, method, traceparent) : undefined;
    this.#current.run(span, goOn);
    return span;
  }

  end(span: Span | undefined, { route, status }: Parameters<RequestTracer['end']>[1]): void {
    if (!span) return;
    span.name = `${span.name} ${route}`;
    const attributes = { 'http.route': route, 'http.response.status_code': status };
    this.finish(span, { attributes, hasFailed: status >= 500 });
  }

  /** Begins a span below the one that is under way; undefined when there is none. */
  child(name: string, kind: SpanKind, attributes: SpanAttributes = {}): Span | undefined {
    const parent = this.#current.getStore();
    if (!parent) return undefined;
    const { traceId, offset } = parent;
    const begunAt = performance.now() + offset;
    return {
      traceId,
      spanId: spanId(),
      parentSpanId: parent.spanId,
      name,
      kind,
      attributes,
      begunAt,
      offset,
    };
  }

  finish(
    span: Span,
    { attributes, hasFailed }: { attributes?: SpanAttributes; hasFailed?: boolean } = {},
  ): void {
    span.endedAt = performance.now() + span.offset;
    span.hasFailed ||= hasFailed ?? false;
    span.attributes = { ...span.attributes, ...attributes };
    this.#options.onEnd(span);
  }

  #root(id: string, method: string, traceparent: string | undefined): Span {
    const monotonic = performance.now();
    const begunAt = this.#options.clock.now().getTime();
    const [, traceId, parentSpanId] = PARENT.exec(traceparent ?? '') ?? [];
    return {
      traceId: id,
      spanId: spanId(),
      ...(traceId === id && parentSpanId !== undefined && { parentSpanId }),
      name: method,
      kind: 'server',
      attributes: { 'http.request.method': method },
      begunAt,
      offset: begunAt - monotonic,
    };
  }

  #isKept(id: string): boolean {
    return parseInt(id.slice(-RANDOM_DIGITS), 16) / 16 ** RANDOM_DIGITS < this.#options.share;
  }
}

function spanId(): string {
  return randomBytes(SPAN_ID_OCTETS).toString('hex');
}
