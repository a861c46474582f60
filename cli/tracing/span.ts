/** SpanKind of OpenTelemetry's protocol. */
export const SPAN_KINDS = { internal: 1, server: 2, client: 3 } as const;
export type SpanKind = keyof typeof SPAN_KINDS;

export type SpanAttributes = Readonly<Record<string, string | number>>;

/** One piece of work within a trace; what it says is bounded, and names nobody. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: SpanKind;
  attributes: SpanAttributes;
  /** Milliseconds since 1970, with fractions. */
  begunAt: number;
  endedAt?: number;
  hasFailed?: boolean;
  /** What makes monotonic milliseconds those since 1970, the same for a whole trace. */
  offset: number;
}
