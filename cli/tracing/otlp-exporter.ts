import { startPulse } from '../start-pulse.ts';
import { SPAN_KINDS } from './span.ts';
import type { Span, SpanAttributes } from './span.ts';

export interface OtlpExporterOptions {
  /** Where an OpenTelemetry collector takes traces, e.g. `http://127.0.0.1:4318/v1/traces`. */
  endpoint: string;
  /** Of the process: name, version, instance. */
  resource: SpanAttributes;
  onFault(error: unknown): void;
}

/** Spans that wait for the collector; more of them are dropped, and counted in the next fault. */
const QUEUE_MAX = 4096;
const BATCH_MAX = 512;
const INTERVAL_MILLISECONDS = 1_000;
const POST_MILLISECONDS_MAX = 5_000;

/** Sends spans as OTLP/HTTP JSON, in batches, and never makes anybody wait for the collector. */
export class OtlpExporter {
  readonly #options: OtlpExporterOptions;
  readonly #pulse: ReturnType<typeof startPulse>;
  #queue: Span[] = [];
  #dropped = 0;

  constructor(options: OtlpExporterOptions) {
    this.#options = options;
    this.#pulse = startPulse(INTERVAL_MILLISECONDS, () => this.#send());
  }

  add(span: Span): void {
    if (this.#queue.length < QUEUE_MAX) this.#queue.push(span);
    else this.#dropped += 1;
  }

  /** Sends what there is, once. */
  async close(): Promise<void> {
    await this.#pulse.stop();
    await this.#send();
  }

  async #send(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH_MAX);
      this.#queue = this.#queue.slice(BATCH_MAX);
      try {
        await post(this.#options.endpoint, payloadOf(this.#options.resource, batch));
      } catch (cause) {
        const lost = batch.length + this.#queue.length + this.#dropped;
        [this.#queue, this.#dropped] = [[], 0];
        this.#options.onFault(new Error(`${lost} spans are lost`, { cause }));
      }
    }
  }
}

async function post(endpoint: string, payload: object): Promise<void> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    redirect: 'error',
    signal: AbortSignal.timeout(POST_MILLISECONDS_MAX),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
}

/** ExportTraceServiceRequest in JSON: ids are hexadecimal, 64-bit numbers are text (OTLP, "JSON Protobuf Encoding"). */
function payloadOf(resource: SpanAttributes, spans: readonly Span[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: 'mohr' }, spans: spans.map(spanOf) }],
      },
    ],
  };
}

const ERROR_STATUS = 2;

function spanOf(span: Span): object {
  const { traceId, spanId, parentSpanId, name, kind, attributes, begunAt, endedAt = begunAt } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    kind: SPAN_KINDS[kind],
    startTimeUnixNano: nanoseconds(begunAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: attributesOf(attributes),
    status: span.hasFailed ? { code: ERROR_STATUS } : {},
  };
}

function attributesOf(attributes: SpanAttributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

/** Microseconds are what a double holds of the time since 1970. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000)}000`;
}
