import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import { openCfssl } from './cfssl-server.ts';
import type { CfsslServer } from './cfssl-server.ts';
import { issuanceGrowth } from './issuance-growth.ts';
import { BENCH_PROFILE } from './issuance-worker-protocol.ts';
import type { WorkerAnswer, WorkerOrder } from './issuance-worker-protocol.ts';
import { median } from './median.ts';
import { PinnedProcess, benchCores, pinProcess } from './pinned-process.ts';
import { processorMicroseconds } from './processor-time.ts';
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
  /** Whether rates into databases of two sizes are measured as well, which takes minutes. */
  growth: boolean;
}

const DEFAULTS: IssuanceBenchOptions = {
  rows: 5_000,
  runs: 5,
  interactive: 500,
  peerSeconds: 3,
  growth: false,
};

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
  const cores = benchCores();
  // PostgreSQL and the clients are started by this process, and stay where it is.
  const affinity = cores && pinProcess(process.pid, cores.load);
  const cluster = await startPostgresCluster(DURABLE);
  let cfssl: CfsslServer | undefined;
  let worker: PinnedProcess | undefined;
  try {
    cfssl = await openCfssl(folder, cores?.server);
    const rosters = await writeRosters(folder, settings);
    worker = PinnedProcess.start('issuance-worker', cores?.server);
    await ask(worker, { kind: 'open', databaseUrl: cluster.url, folder });
    const rounds: Round[] = [];
    for (const roster of rosters.bulk) {
      const ours = await bulk(worker, cluster.processId, roster, settings.rows);
      rounds.push({ ours, peer: await cfssl?.sign(settings.peerSeconds) });
    }
    const { milliseconds } = await ask(worker, { kind: 'single', roster: rosters.single });
    const { rows, runs } = settings;
    const growth = settings.growth
      ? await issuanceGrowth({ folder, databaseUrl: cluster.url, serverCore: cores?.server, rows, runs })
      : [];
    // The first one warms up.
    const [, ...counted] = rounds;
    return {
      bench: 'issuance',
      conditions: conditionsOf(settings, cores !== undefined, counted),
      figures: [...bulkFigures(counted), ...singleFigures(milliseconds), ...growth],
    };
  } finally {
    await worker?.stop();
    await cfssl?.stop();
    await cluster.stop();
    if (affinity !== undefined) pinProcess(process.pid, affinity);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of one run: certificates a second, and microseconds of processor time for each. */
interface Run {
  rate: number;
  processor: number;
}

interface Round {
  ours: Run & { postgres: number };
  peer: Run | undefined;
}

async function writeRosters(
  folder: string,
  { rows, runs, interactive }: IssuanceBenchOptions,
): Promise<{ bulk: string[]; single: string }> {
  const bulkRosters: string[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const path = join(folder, `roster-${run}.ndjson`);
    bulkRosters.push(path);
    await writeBenchRoster(path, rows, run * rows);
  }
  const single = join(folder, 'single.ndjson');
  await writeBenchRoster(single, interactive, (runs + 1) * rows);
  return { bulk: bulkRosters, single };
}

async function bulk(
  worker: PinnedProcess,
  postgres: number,
  roster: string,
  rows: number,
): Promise<Round['ours']> {
  const before = [worker.cpuMicroseconds, processorMicroseconds(postgres)];
  const { milliseconds } = await ask(worker, { kind: 'bulk', roster });
  return {
    rate: (rows * 1000) / milliseconds[0],
    processor: (worker.cpuMicroseconds - before[0]) / rows,
    postgres: (processorMicroseconds(postgres) - before[1]) / rows,
  };
}

function ask(worker: PinnedProcess, order: WorkerOrder): Promise<WorkerAnswer> {
  return worker.ask<WorkerAnswer>(order);
}

/** Ratios are medians of those of the rounds, in which both had the same machine. */
function bulkFigures(rounds: readonly Round[]): BenchFigure[] {
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  const against = (id: string, unit: string, value: (run: Run) => number): BenchFigure => {
    const figure = { id, unit, value: Math.round(of(({ ours }) => value(ours))) };
    if (!rounds.every(({ peer }) => peer)) return figure;
    return {
      ...figure,
      peer: { name: 'cfssl serve', value: Math.round(of(({ peer }) => value(peer!))) },
      ratio: round(of(({ ours, peer }) => value(ours) / value(peer!))),
    };
  };
  return [
    against('issuance.bulk', 'certificates/s', ({ rate }) => rate),
    against('issuance.bulk_processor', 'µs/certificate', ({ processor }) => processor),
    {
      id: 'issuance.bulk_postgres_processor',
      unit: 'µs/certificate',
      value: Math.round(of(({ ours }) => ours.postgres)),
    },
  ];
}

function singleFigures(milliseconds: readonly number[]): BenchFigure[] {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.ceil(sorted.length * part) - 1] * 100) / 100;
  return [
    { id: 'issuance.interactive_p99', value: at(0.99), unit: 'ms' },
    { id: 'issuance.interactive_p50', value: at(0.5), unit: 'ms' },
  ];
}

function conditionsOf(
  settings: IssuanceBenchOptions,
  isPinned: boolean,
  rounds: readonly Round[],
): BenchReport['conditions'] {
  const ratios = rounds.map(({ ours, peer }) => (peer ? round(ours.rate / peer.rate) : '-'));
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.versions.node,
    profile: BENCH_PROFILE,
    postgres: DURABLE.join(' '),
    pinned: isPinned ? 'each server to one core, PostgreSQL and the clients to the other' : 'no',
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(' '),
    ratios: ratios.join(' '),
    ...settings,
    growth: String(settings.growth),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
