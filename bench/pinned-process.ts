import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Ticks of /proc/<pid>/stat: 100 a second on every Linux that Node runs on. */
const TICK_MICROSECONDS = 10_000;

/** A process of a benchmark, asked over IPC, on a core of its own where there are several. */
export class PinnedProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts `<name>.ts` of this folder as this process runs, compiled or through a loader. */
  static start(name: string, core: string | undefined): PinnedProcess {
    const url = new URL(`${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
    const child = fork(url, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    if (core !== undefined) execFileSync('taskset', ['-apc', core, String(child.pid)], { stdio: 'ignore' });
    return new PinnedProcess(child);
  }

  /** Sends a message and waits for the answer to it. */
  async ask<Answer>(order: object): Promise<Answer> {
    const child = this.#child;
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the process ended with ${String(code)}`);
    });
    ended.catch(() => undefined);
    child.send(order);
    const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
    return answer;
  }

  /** Microseconds of processor time so far. */
  get cpuMicroseconds(): number {
    return cpuMicrosecondsOf(this.#child.pid);
  }

  /** Resident octets now. */
  get memory(): number {
    return (
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1]) * 1024
    );
  }

  /** It ends when nobody is there to ask. */
  async stop(): Promise<void> {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** Microseconds of processor time that a process has had so far. */
export function cpuMicrosecondsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS;
}

/** Cores for the server that is measured and for whoever loads it; undefined where there is one, or no taskset. */
export function benchCores(): { server: string; load: string } | undefined {
  if (availableParallelism() < 2) return undefined;
  try {
    execFileSync('taskset', ['-pc', String(process.pid)], { stdio: 'ignore' });
    return { server: '0', load: '1' };
  } catch {
    return undefined;
  }
}

/** Moves a process with all its threads to some cores, and so what it starts from now on; returns those that it was on. */
export function pinProcess(pid: number, cores: string): string {
  const text = execFileSync('taskset', ['-pc', String(pid)], { encoding: 'utf8' });
  execFileSync('taskset', ['-apc', cores, String(pid)], { stdio: 'ignore' });
  return text.split(':').at(-1)!.trim();
}
