import { availableParallelism, cpus } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

import { CrlScheduler } from '../ca/crl/crl-scheduler.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { measureColdCrls } from './crl-cold.ts';
import type { ColdAnswer } from './crl-cold-protocol.ts';
import { BenchHistory, benchCrlHouse } from './crl-house.ts';
import { median } from './median.ts';
import { measureOpensslCrl } from './openssl-crl.ts';
import { withPeakMemory } from './peak-memory.ts';
import { sizeName } from './report.ts';
import type { BenchFigure, BenchReport } from './report.ts';

export interface CrlBenchOptions {
  entries: number;
  /** Sizes on the way there, for the curves. */
  fewerEntries: number[];
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
  fewerEntries: [10_000, 100_000],
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
  const figures = memoryFigures(settings.entries, runs, peakMib);
  const cold = await measureColdCrls(settings, settings.coldRuns);
  if (cold) figures.push(...coldFigures(settings.entries, cold));
  const opensslSeconds = await measureOpensslCrl(settings.entries);
  if (opensslSeconds !== undefined) {
    figures[0].peer = { name: 'openssl ca -gencrl', value: rounded(opensslSeconds) };
    figures[0].ratio = rounded(figures[0].value / opensslSeconds);
  }
  for (const entries of settings.fewerEntries)
    figures.push(...(await fewerFigures({ ...settings, entries, again: 1 })));
  return { bench: 'crl', conditions: conditionsOf(settings), figures };
}

/** What a smaller CRL takes: from memory and from PostgreSQL, in a process as fresh as that of the large one. */
async function fewerFigures(settings: CrlBenchOptions): Promise<BenchFigure[]> {
  const history = new BenchHistory(settings.entries);
  await runOnce(history, settings);
  const runs: Run[] = [];
  for (let run = 0; run < settings.runs; run += 1) runs.push(await runOnce(history, settings));
  const cold = await measureColdCrls(settings, settings.coldRuns);
  const all = [
    ...memoryFigures(settings.entries, runs),
    ...(cold ? coldFigures(settings.entries, cold) : []),
  ];
  return all.filter(({ curve }) => curve);
}

function memoryFigures(entries: number, runs: readonly Run[], peakMib?: number): BenchFigure[] {
  const size = sizeName(entries);
  const full = rounded(median(runs.map(({ fullSeconds }) => fullSeconds)));
  return [
    { id: `crl.full_${size}`, value: full, unit: 's', curve: { id: 'crl.full', size: entries } },
    { id: `crl.again_${size}`, value: rounded(median(runs.flatMap((run) => run.againSeconds))), unit: 's' },
    ...(peakMib === undefined ? [] : [{ id: `crl.memory_${size}`, value: rounded(peakMib), unit: 'MiB' }]),
    {
      id: `crl.stall_${size}`,
      value: rounded(median(runs.map((run) => run.stallMilliseconds))),
      unit: 'ms',
    },
  ];
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

function coldFigures(entries: number, answers: readonly ColdAnswer[]): BenchFigure[] {
  const size = sizeName(entries);
  const figure = (what: string, value: number, unit: string): BenchFigure => ({
    id: `crl.${what}_${size}`,
    value: rounded(value),
    unit,
  });
  const of = (what: (answer: ColdAnswer) => number) => median(answers.map(what));
  const curve = (what: string) => ({ curve: { id: `crl.${what}`, size: entries } });
  return [
    {
      ...figure(
        'cold',
        of(({ signedSeconds }) => signedSeconds),
        's',
      ),
      ...curve('cold'),
    },
    figure(
      'cold_processor',
      of(({ processorSeconds }) => processorSeconds),
      's',
    ),
    figure(
      'cold_published',
      of(({ publishedSeconds }) => publishedSeconds),
      's',
    ),
    figure('again_published', median(answers.flatMap(({ againSeconds }) => againSeconds)), 's'),
    {
      ...figure(
        'memory_published',
        of(({ peakMib }) => peakMib),
        'MiB',
      ),
      ...curve('memory_published'),
    },
  ];
}

function conditionsOf(settings: CrlBenchOptions): BenchReport['conditions'] {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    ...settings,
    fewerEntries: settings.fewerEntries.join(' '),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
