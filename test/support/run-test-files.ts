import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { TYPESCRIPT_ON_DEMAND } from './compiled-program.ts';

/** What a file has printed, and how it ended. */
export interface FileRun {
  file: string;
  lines: string[];
  /** Absent when all of it has passed. */
  fault?: string;
  milliseconds: number;
  /** Of its process and of those that it started and waited for. */
  cpuMilliseconds: number;
}

interface RunOptions {
  folder: string;
  settings: Record<string, string>;
  /** How many run side by side. */
  jobs: number;
  onEnd: (run: FileRun) => void;
}

/** A file that takes this long hangs: the slowest one takes a fifth of it on a machine with much else to do. */
const FILE_SECONDS_MAX = 900;
/** In which tap says what it was waiting for. */
const LAST_WORDS_MILLISECONDS_MAX = 15_000;

/** The shell outlives the signal of a timeout, and then says what all of it has cost. */
const TIMED = `trap : ALRM; "$@" 3>&-; code=$?; times >&3; exit $code`;

/** Groups of processes that run now: each file's with all that it has started. */
const running = new Set<number>();
/** Whoever has interrupted a run wants no other file of it. */
let interrupted = false;

/** Runs each file in a process of its own, in this order. */
export async function runTestFiles(files: readonly string[], options: RunOptions): Promise<void> {
  const waiting = [...files];
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined && !interrupted; file = waiting.shift())
      options.onEnd(await runFile(file, options));
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
}

/** Ends what runs, as Ctrl-C would: groups of their own are out of reach of the terminal. */
export function signalRunning(signal: NodeJS.Signals): void {
  interrupted = true;
  for (const group of running) signalGroup(group, signal);
}

async function runFile(file: string, { folder, settings }: RunOptions): Promise<FileRun> {
  const started = performance.now();
  const command = [process.execPath, '--enable-source-maps', '--import', TYPESCRIPT_ON_DEMAND, file];
  const shell = spawn('/bin/sh', ['-c', TIMED, 'sh', ...command], {
    cwd: folder,
    env: { ...process.env, TAP_TIMEOUT: String(FILE_SECONDS_MAX), ...settings },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    detached: true,
  });
  const group = shell.pid!;
  running.add(group);
  const lines: string[] = [];
  createInterface({ input: shell.stdout! }).on('line', (line) => lines.push(line));
  const times = text(shell.stdio[3] as Readable);
  const closed = once(shell, 'close');
  const hung = [
    setTimeout(() => signalGroup(group, 'SIGALRM'), FILE_SECONDS_MAX * 1000),
    setTimeout(() => signalGroup(group, 'SIGKILL'), FILE_SECONDS_MAX * 1000 + LAST_WORDS_MILLISECONDS_MAX),
  ];
  const [code, signal] = (await once(shell, 'exit')) as [number | null, NodeJS.Signals | null];
  hung.forEach(clearTimeout);
  // What it has started and left behind would keep its output open.
  signalGroup(group, 'SIGKILL');
  await closed;
  running.delete(group);
  const fault = faultOf(code, signal, lines);
  const milliseconds = performance.now() - started;
  return { file, lines, ...(fault && { fault }), milliseconds, cpuMilliseconds: cpuOf(await times) };
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A file that asserts nothing has not passed, nor has one that ended before its tests did. */
function faultOf(code: number | null, signal: string | null, lines: readonly string[]): string | undefined {
  if (code !== 0) return `it ended by ${signal ?? `exit code ${code}`}`;
  return lines.some((line) => /^ *ok /.test(line)) ? undefined : 'it tested nothing';
}

/** The second line of what `times` prints: user and system time of the children, `0m1.50s 0m0.25s`. */
function cpuOf(times: string): number {
  const spent = (times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g);
  return Array.from(
    spent,
    ([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000,
  ).reduce((sum, one) => sum + one, 0);
}
