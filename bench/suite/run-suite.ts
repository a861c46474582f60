import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { systemClock } from '../../core/clock.ts';
import type { BenchReport } from '../report.ts';
import { busyPart, machineFacts } from './machine.ts';
import { SUITE_BENCHES } from './suite-result.ts';
import type { SuiteBench, SuiteResult } from './suite-result.ts';

/** Above this part of the processors' time in others' hands, figures are those of a shared machine. */
const QUIET_PART = 0.1;
const BUSY_MILLISECONDS = 2_000;

/** The longest that one may take, several times what it takes here: a benchmark that hangs must not hold up the rest. */
const LIMIT_SECONDS: Readonly<Record<string, number>> = { scale: 5_400 };
const DEFAULT_LIMIT_SECONDS = 1_800;
const STOP_MILLISECONDS = 10_000;
const OUTPUT_OCTETS_MAX = 2 ** 22;

export interface SuiteOptions {
  names?: readonly string[];
  isQuick: boolean;
  /** How far `scale` grows; absent: to a million. */
  sizes?: string;
  say(text: string): unknown;
  /** Told after each benchmark: what is measured already outlives whatever comes. */
  onProgress?(result: SuiteResult): Promise<void>;
}

/** Runs the benchmarks one after the other, each in a process of its own; one that fails is named, and the others go on. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const { names = SUITE_BENCHES, isQuick, say } = options;
  const started = performance.now();
  const result: SuiteResult = {
    startedAt: systemClock.now().toISOString(),
    seconds: 0,
    isQuick,
    machine: machineFacts(),
    isQuiet: true,
    benches: [],
  };
  for (const name of names) {
    const busyBefore = await busyPart(BUSY_MILLISECONDS);
    if (busyBefore > QUIET_PART) {
      result.isQuiet = false;
      say(`bench all: the machine is not quiet: others have ${percent(busyBefore)} of it\n`);
    }
    say(`bench all: ${name}\n`);
    const bench = await runBench(name, flagsOf(name, options), Math.round(busyBefore * 1000) / 1000);
    result.benches.push(bench);
    result.seconds = seconds(started);
    say(`bench all: ${name} ${bench.fault ? `FAILED: ${bench.fault}` : 'done'} in ${bench.seconds} s\n`);
    await options.onProgress?.(result);
  }
  return result;
}

function flagsOf(name: string, { isQuick, sizes }: SuiteOptions): string[] {
  return [...(isQuick ? ['--quick'] : []), ...(name === 'scale' && sizes ? [`--sizes=${sizes}`] : [])];
}

async function runBench(name: string, flags: readonly string[], busyBefore: number): Promise<SuiteBench> {
  const started = performance.now();
  const outcome = await reportOf(name, flags).then(
    (report) => ({ report }),
    (error: unknown) => ({ fault: error instanceof Error ? error.message : String(error) }),
  );
  return { name, seconds: seconds(started), busyBefore, ...outcome };
}

/** What `mohr bench <name> --json` prints; rejects with the last line that it said when it fails. */
async function reportOf(name: string, flags: readonly string[]): Promise<BenchReport> {
  const own = fileURLToPath(import.meta.url);
  const mohr = fileURLToPath(new URL(`../../cli/mohr${extname(own)}`, import.meta.url));
  const args = [...process.execArgv, mohr, 'bench', name, '--json', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, said] = ['', ''];
  child.stdout.on(
    'data',
    (chunk: Buffer) => (output = (output + chunk.toString()).slice(0, OUTPUT_OCTETS_MAX)),
  );
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
    process.stderr.write(chunk);
  });
  const limit = (LIMIT_SECONDS[name] ?? DEFAULT_LIMIT_SECONDS) * 1000;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    // Whatever it started ends when its pipe to it does.
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS).unref();
  }, limit);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  if (isLate) throw new Error(`not done in ${limit / 1000} s`);
  const line = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{'))
    throw new Error(said.trim().split('\n').at(-1) ?? `ended with ${String(code)}`);
  return JSON.parse(line) as BenchReport;
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
