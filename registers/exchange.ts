import {
  BrokenCircuitError,
  CircuitState as BreakerState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  TaskCancelledError,
  TimeoutStrategy,
  circuitBreaker,
  handleWhen,
  retry,
  timeout,
  wrap,
} from 'cockatiel';

import { errorCode } from '../core/errors.ts';
import type { CircuitState, RegisterFault } from '../ra/registers/register.ts';
import { SIGNATURE_HEADER } from './detached-jws.ts';

/** Who is asked, and with how much patience; an officer waits for the answer. */
export interface ExchangeOptions {
  /** http or https. */
  url: string;
  /** Sent as a bearer token; absent: the network says who we are (mTLS, address). */
  token?: string;
  attemptMilliseconds?: number;
  /** All attempts together. */
  totalMilliseconds?: number;
  retriesMax?: number;
  /** Failures in a row after which nobody is asked for a while. */
  failuresMax?: number;
  openMilliseconds?: number;
  answerOctetsMax?: number;
}

export interface ExchangeRequest {
  /** Absent: GET. */
  body?: Record<string, unknown>;
  query?: Record<string, string>;
}

export interface ExchangeAnswer {
  raw: Buffer;
  /** What the signature header holds. */
  signature?: string;
}

/** Why nothing came back. */
export class ExchangeFault extends Error {
  readonly fault: RegisterFault;

  constructor(fault: RegisterFault, options?: ErrorOptions) {
    super(`no answer: ${fault}`, options);
    this.name = 'ExchangeFault';
    this.fault = fault;
  }
}

export interface Exchange {
  ask(request: ExchangeRequest): Promise<ExchangeAnswer>;
  circuit(): CircuitState;
}

const DEFAULTS = {
  attemptMilliseconds: 2_000,
  totalMilliseconds: 6_000,
  retriesMax: 2,
  failuresMax: 5,
  openMilliseconds: 10_000,
  answerOctetsMax: 64 * 1024,
};

/** What may pass by itself. Every question here only reads, so asking again is safe whatever became of the first. */
const PASSING: readonly RegisterFault[] = ['unreachable', 'timeout', 'server-error'];
const RETRY_MILLISECONDS = { initialDelay: 50, maxDelay: 1_000 };

/** Asks one address over HTTP: bounded attempts with jitter between them, and none while it has failed again and again. */
export function openExchange(options: ExchangeOptions): Exchange {
  const terms = { ...DEFAULTS, ...options };
  const passes = handleWhen((error) => error instanceof ExchangeFault && PASSING.includes(error.fault));
  const breaker = circuitBreaker(passes, {
    halfOpenAfter: terms.openMilliseconds,
    breaker: new ConsecutiveBreaker(terms.failuresMax),
  });
  const policy = wrap(
    timeout(terms.totalMilliseconds, TimeoutStrategy.Aggressive),
    retry(passes, { maxAttempts: terms.retriesMax, backoff: new ExponentialBackoff(RETRY_MILLISECONDS) }),
    breaker,
  );
  return {
    ask: async (request) => {
      try {
        return await policy.execute(({ signal }) => attempt(terms, request, signal));
      } catch (cause) {
        throw faultOf(cause);
      }
    },
    circuit: () => CIRCUITS[breaker.state],
  };
}

/** Isolated: kept open by hand, which nobody does here. */
const CIRCUITS: Record<BreakerState, CircuitState> = {
  [BreakerState.Closed]: 'closed',
  [BreakerState.HalfOpen]: 'half-open',
  [BreakerState.Open]: 'open',
  [BreakerState.Isolated]: 'open',
};

function faultOf(cause: unknown): unknown {
  if (cause instanceof BrokenCircuitError) return new ExchangeFault('circuit-open', { cause });
  if (cause instanceof TaskCancelledError) return new ExchangeFault('timeout', { cause });
  return cause;
}

type Terms = typeof DEFAULTS & ExchangeOptions;

async function attempt(
  terms: Terms,
  request: ExchangeRequest,
  cancelled: AbortSignal,
): Promise<ExchangeAnswer> {
  const { url, token, attemptMilliseconds, answerOctetsMax } = terms;
  const address = new URL(url);
  for (const [name, value] of Object.entries(request.query ?? {})) address.searchParams.set(name, value);
  try {
    const response = await fetch(address, {
      method: request.body ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(request.body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(request.body && { body: JSON.stringify(request.body) }),
      // Where a register sends us elsewhere, a token and a person's number would go with us.
      redirect: 'manual',
      signal: AbortSignal.any([cancelled, AbortSignal.timeout(attemptMilliseconds)]),
    });
    const raw = await readBounded(response, answerOctetsMax);
    if (response.status >= 500 || response.status === 429) throw new ExchangeFault('server-error');
    if (response.status !== 200) throw new ExchangeFault('request-refused');
    const signature = response.headers.get(SIGNATURE_HEADER);
    return { raw, ...(signature !== null && { signature }) };
  } catch (cause) {
    if (cause instanceof ExchangeFault) throw cause;
    const isLate = cause instanceof DOMException && ['TimeoutError', 'AbortError'].includes(cause.name);
    throw new ExchangeFault(isLate ? 'timeout' : 'unreachable', { cause: withoutAddress(cause) });
  }
}

async function readBounded(response: Response, octetsMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    octets += chunk.length;
    // Leaving the loop closes the connection.
    if (octets > octetsMax) throw new ExchangeFault('answer-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What fetch says of its failures may repeat the address and what was asked for. */
function withoutAddress(cause: unknown): Error {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return new Error(`fetch failed: ${errorCode(inner) ?? errorCode(cause) ?? 'unknown'}`);
}
