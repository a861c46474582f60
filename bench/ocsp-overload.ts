import { openLoop } from './open-loop.ts';
import type { PinnedProcess } from './pinned-process.ts';
import type { BenchFigure } from './report.ts';

export interface Overload {
  url: string;
  request: Buffer;
  seconds: number;
  /** Requests a second, whether answered or not. */
  perSecond: number;
}

/** More clients than a server can serve in time; each has one request under way. */
const CONNECTIONS = 512;
/** Of the whole; at first the heap grows to what it needs. */
const WARM_UP_SHARE = 0.1;
const WARM_UP_SECONDS_MIN = 2;
const MIB = 2 ** 20;

/** Asks for twice as many signatures as can be made: what the accepted wait, how the rest is turned away, what it costs. */
export async function measureOverload(overload: Overload, server: PinnedProcess): Promise<BenchFigure[]> {
  const warmUpSeconds = Math.max(WARM_UP_SECONDS_MIN, overload.seconds * WARM_UP_SHARE);
  const load = { ...overload, connections: CONNECTIONS };
  await openLoop({ ...load, seconds: warmUpSeconds });
  const before = server.memory;
  const { accepted, refused, failed, seconds } = await openLoop(load);
  if (failed > 0) throw new Error(`${failed} requests got no right answer under overload`);
  return [
    figure('overload_offered', (accepted.length + refused.length) / seconds, 'requests/s'),
    figure('overload_accepted', accepted.length / seconds, 'answers/s'),
    figure('overload_accepted_p99', p99(accepted), 'ms'),
    figure('overload_refused', refused.length / seconds, 'answers/s'),
    figure('overload_refused_p99', p99(refused), 'ms'),
    figure('overload_memory_growth', (server.memory - before) / MIB, 'MiB'),
  ];
}

function p99(milliseconds: number[]): number {
  const sorted = Float64Array.from(milliseconds).sort();
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}

function figure(id: string, value: number, unit: string): BenchFigure {
  return { id: `ocsp.${id}`, value: Math.round(value * 10) / 10, unit };
}
