import { availableParallelism, cpus } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

import { CrlScheduler } from '../ca/crl/crl-scheduler.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { measureColdCrls } from './crl-cold.ts';
import type { ColdAnswer } from './crl-cold-protocol.ts';
import { BenchHistory, benchCrlHouse } from './crl-house.ts';
import { measureOpensslCrl } from './openssl-crl.ts';
import { withPeakMemory } from './peak-memory.ts';
import type { BenchFigure, BenchReport } from './report.ts';

export interface CrlBenchOptions {
  entries: number;
  /** Runs whose median counts, after one that warms up. */
  runs: number;
  /** CRLs issued in each run after one more revocation. */
  again: number;
  algorithm: SignatureAlgorithmName;
  /** Fresh processes on PostgreSQL whose median counts, after one that warms it up. */
  coldRuns: number;
}

const DEFAULTS: CrlBenchOptions = {
  entries: 1_000_000,
  runs: 5,
  again: 5,
  algorithm: 'ecdsa-sha256',
  coldRuns: 3,
};

interface Run {
  fullSeconds: number;
  againSeconds: number[];
  /** Longest time for which the event loop, that is OCSP, had to wait. */
  stallMilliseconds: number;
}

/**
 * Complete CRLs of a million entries by the scheduler of the service, from a history in memory: from the first look at the
 * history to the signed CRL that is served, thread start included; then again after one more revocation each. The peer is
 * `openssl ca -gencrl` over as many lines of its index. Where PostgreSQL is installed, the same from there, storing included.
 */
export async function benchCrl(options: Partial<CrlBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  const history = new BenchHistory(settings.entries);
  // The first run warms up, and it alone meets the memory as it is in a service that has just started.
  const { peakMib } = await withPeakMemory(() => runOnce(history, settings));
  const runs: Run[] = [];
  for (let run = 0; run < settings.runs; run += 1) runs.push(await runOnce(history, settings));
  const figures: BenchFigure[] = [
    { id: 'crl.full_1m', value: rounded(median(runs.map(({ fullSeconds }) => fullSeconds))), unit: 's' },
    { id: 'crl.again_1m', value: rounded(median(runs.flatMap((run) => run.againSeconds))), unit: 's' },
    { id: 'crl.memory_1m', value: rounded(peakMib), unit: 'MiB' },
    { id: 'crl.stall_1m', value: rounded(median(runs.map((run) => run.stallMilliseconds))), unit: 'ms' },
  ];
  const cold = await measureColdCrls(settings, settings.coldRuns);
  if (cold) figures.push(...coldFigures(cold));
  const opensslSeconds = await measureOpensslCrl(settings.entries);
  if (opensslSeconds !== undefined) {
    figures[0].peer = { name: 'openssl ca -gencrl', value: rounded(opensslSeconds) };
    figures[0].ratio = rounded(figures[0].value / opensslSeconds);
  }
  return { bench: 'crl', conditions: conditionsOf(settings), figures };
}

async function runOnce(history: BenchHistory, { again, algorithm }: CrlBenchOptions): Promise<Run> {
  const house = await benchCrlHouse(history, algorithm);
  const failures: unknown[] = [];
  const scheduler = new CrlScheduler({
    house,
    lock: { lead: async () => true, release: async () => undefined },
    onFailure: (error) => failures.push(error),
  });
  const issue = async (): Promise<number> => {
    const start = performance.now();
    const issued = await scheduler.tick();
    if (issued.length !== 1) throw new Error('no CRL was issued', { cause: failures[0] });
    return (performance.now() - start) / 1000;
  };
  const stall = monitorEventLoopDelay({ resolution: 1 });
  stall.enable();
  const fullSeconds = await issue();
  const againSeconds: number[] = [];
  for (let time = 0; time < again; time += 1) {
    history.revokeOneMore();
    house.clock.advanceSeconds(1);
    againSeconds.push(await issue());
  }
  stall.disable();
  await scheduler.close();
  return { fullSeconds, againSeconds, stallMilliseconds: stall.max / 1e6 };
}

function coldFigures(answers: readonly ColdAnswer[]): BenchFigure[] {
  const of = (what: (answer: ColdAnswer) => number) => rounded(median(answers.map(what)));
  const again = answers.flatMap(({ againSeconds }) => againSeconds);
  return [
    { id: 'crl.cold_1m', value: of(({ signedSeconds }) => signedSeconds), unit: 's' },
    { id: 'crl.cold_processor_1m', value: of(({ processorSeconds }) => processorSeconds), unit: 's' },
    { id: 'crl.cold_published_1m', value: of(({ publishedSeconds }) => publishedSeconds), unit: 's' },
    { id: 'crl.again_published_1m', value: rounded(median(again)), unit: 's' },
    { id: 'crl.memory_published_1m', value: of(({ peakMib }) => peakMib), unit: 'MiB' },
  ];
}

function conditionsOf(settings: CrlBenchOptions): BenchReport['conditions'] {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    ...settings,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
