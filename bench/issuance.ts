import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import { openCfssl } from './cfssl-server.ts';
import type { CfsslServer } from './cfssl-server.ts';
import { BENCH_PROFILE } from './issuance-worker-protocol.ts';
import type { WorkerAnswer, WorkerOrder } from './issuance-worker-protocol.ts';
import type { BenchFigure, BenchReport } from './report.ts';
import { writeBenchRoster } from './write-bench-roster.ts';

export interface IssuanceBenchOptions {
  /** Certificates of one run. */
  rows: number;
  /** Runs whose median counts, after one that warms up. */
  runs: number;
  /** Certificates issued one by one. */
  interactive: number;
  /** Seconds of one run of the peer. */
  peerSeconds: number;
}

const DEFAULTS: IssuanceBenchOptions = { rows: 5_000, runs: 5, interactive: 500, peerSeconds: 3 };

/** One core for the server that is measured, the other for PostgreSQL and for whoever asks. */
const SERVER_CORE = '0';
const OTHER_CORE = '1';

const DURABLE = [
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'max_connections=50',
  'max_wal_size=4GB',
];

/**
 * Certificates a second of a campaign: requests read from a roster, proof of possession checked, linted, signed, verified,
 * written to PostgreSQL with fsync, audited. The peer is `cfssl serve`, which signs and stores nothing, asked over HTTP. Each
 * server has one core of its own; runs alternate. Then single issuances one after the other.
 */
export async function benchIssuance(options: Partial<IssuanceBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-issuance-'));
  const cores = availableParallelism();
  const affinity = pinSelf(OTHER_CORE);
  const cluster = await startPostgresCluster(DURABLE);
  let cfssl: CfsslServer | undefined;
  let worker: ChildProcess | undefined;
  try {
    cfssl = await openCfssl(folder, SERVER_CORE);
    const rosters: string[] = [];
    for (let run = 0; run <= settings.runs; run += 1) {
      const path = join(folder, `roster-${run}.ndjson`);
      rosters.push(path);
      await writeBenchRoster(path, settings.rows, run * settings.rows);
    }
    const single = join(folder, 'single.ndjson');
    await writeBenchRoster(single, settings.interactive, (settings.runs + 1) * settings.rows);
    worker = startWorker();
    await ask(worker, { kind: 'open', databaseUrl: cluster.url, folder });
    const ours: number[] = [];
    const theirs: number[] = [];
    for (const roster of rosters) {
      const { milliseconds } = await ask(worker, { kind: 'bulk', roster });
      ours.push((settings.rows * 1000) / milliseconds[0]);
      const peer = await cfssl?.signaturesPerSecond(settings.peerSeconds);
      if (peer !== undefined) theirs.push(peer);
    }
    const { milliseconds } = await ask(worker, { kind: 'single', roster: single });
    return {
      bench: 'issuance',
      conditions: conditionsOf(settings, cores, affinity !== undefined),
      figures: figuresOf(ours.slice(1), theirs.slice(1), milliseconds),
    };
  } finally {
    await stopWorker(worker);
    await cfssl?.stop();
    await cluster.stop();
    if (affinity !== undefined) pinSelf(affinity);
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(ours: number[], theirs: number[], singles: readonly number[]): BenchFigure[] {
  const bulk: BenchFigure = { id: 'issuance.bulk', value: Math.round(median(ours)), unit: 'certificates/s' };
  if (theirs.length > 0) {
    const peer = median(theirs);
    bulk.peer = { name: 'cfssl serve', value: Math.round(peer) };
    bulk.ratio = Math.round((median(ours) / peer) * 1000) / 1000;
  }
  const sorted = singles.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.ceil(sorted.length * part) - 1] * 100) / 100;
  return [
    bulk,
    { id: 'issuance.interactive_p99', value: at(0.99), unit: 'ms' },
    { id: 'issuance.interactive_p50', value: at(0.5), unit: 'ms' },
  ];
}

/** The worker runs as this process does, compiled or through a loader, on a core of its own. */
function startWorker(): ChildProcess {
  const file = `issuance-worker${extname(fileURLToPath(import.meta.url))}`;
  const worker = fork(new URL(file, import.meta.url), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  pin(worker.pid!, SERVER_CORE);
  return worker;
}

/** It ends when nobody is there to ask. */
async function stopWorker(worker: ChildProcess | undefined): Promise<void> {
  if (!worker?.connected) return;
  const ended = once(worker, 'exit');
  worker.disconnect();
  await ended;
}

async function ask(worker: ChildProcess, order: WorkerOrder): Promise<WorkerAnswer> {
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`the worker ended with ${String(code)}`);
  });
  worker.send(order);
  const [answer] = (await Promise.race([once(worker, 'message'), ended])) as [WorkerAnswer];
  ended.catch(() => undefined);
  return answer;
}

/** Moves this process, and so what it starts, to a core; returns where it was, or undefined where that cannot be done. */
function pinSelf(core: string): string | undefined {
  if (availableParallelism() < 2) return undefined;
  try {
    const text = execFileSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' });
    pin(process.pid, core);
    return text.split(':').at(-1)?.trim();
  } catch {
    return undefined;
  }
}

function pin(pid: number, core: string): void {
  try {
    execFileSync('taskset', ['-apc', core, String(pid)], { stdio: 'ignore' });
  } catch {
    // Without taskset nothing is pinned; the conditions say so.
  }
}

function conditionsOf(
  settings: IssuanceBenchOptions,
  cores: number,
  isPinned: boolean,
): BenchReport['conditions'] {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores,
    node: process.versions.node,
    profile: BENCH_PROFILE,
    postgres: DURABLE.join(' '),
    pinned: isPinned ? `server to core ${SERVER_CORE}, PostgreSQL and client to core ${OTHER_CORE}` : 'no',
    ...settings,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
