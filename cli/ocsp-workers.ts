import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { Logger } from 'pino';

import { DomainError } from '../core/errors.ts';

/** What a deployment chooses about the processes of an `ocsp` node. */
export interface OcspWorkerSettings {
  /** Processes that answer on the one port. */
  ocspWorkers: number;
}

/** Rows of `SETTINGS`. */
export const OCSP_WORKER_SETTINGS = {
  ocspWorkers: {
    flag: 'ocsp-workers',
    variable: 'MOHR_OCSP_WORKERS',
    fallback: '1',
    meaning:
      'processes of an `ocsp` node, one per core, on one port; each follows the status history by itself. The embedded database has one process, so the whole service has too',
  },
} as const;

/** More than the cores of any machine that this was tried on; each holds a copy of all statuses. */
const WORKERS_MAX = 64;
/** One that ends is replaced after this: what made it end may still be so. */
const RESTART_MILLISECONDS = 1_000;

/** Reads the setting; what is wrong goes to `faults`. */
export function readOcspWorkerSettings(
  { text, where }: { text(name: 'ocspWorkers'): string | undefined; where(name: 'ocspWorkers'): string },
  faults: string[],
  isOcspNode: boolean,
): OcspWorkerSettings {
  const value = text('ocspWorkers') ?? OCSP_WORKER_SETTINGS.ocspWorkers.fallback;
  const ocspWorkers = /^[0-9]{1,3}$/.test(value) ? Number(value) : 0;
  if (ocspWorkers < 1 || ocspWorkers > WORKERS_MAX)
    faults.push(
      `${where('ocspWorkers')}: "${value}" is not a number of processes, expected 1 to ${WORKERS_MAX}`,
    );
  if (ocspWorkers > 1 && !isOcspNode)
    faults.push(`${where('ocspWorkers')}: ${value}, but only a node with the role ocsp has more than 1`);
  return { ocspWorkers };
}

export interface OcspWorkers {
  /** Ends all, each after what it has under way, and replaces none any more. */
  stop(): Promise<void>;
}

/** Whether this process is one of them: another has the data directory, and starts and stops it. */
export function isOcspWorker(): boolean {
  return cluster.isWorker;
}

/**
 * Starts this program so many times more, with the arguments that it has; resolves when all listen. Connections are handed out
 * in turns: a client that keeps its connection stays with one worker, and left to the kernel most would stay with one.
 * Throws DomainError `worker-failed` when one ends before it listens; later ones are replaced.
 */
export async function startOcspWorkers(options: {
  workers: number;
  logger: Logger;
  /** Another program, for tests. */
  exec?: { file: string; args: string[]; execArgv: string[] };
  restartMilliseconds?: number;
}): Promise<OcspWorkers> {
  const { workers, logger, exec, restartMilliseconds = RESTART_MILLISECONDS } = options;
  cluster.schedulingPolicy = cluster.SCHED_RR;
  if (exec) cluster.setupPrimary({ exec: exec.file, args: exec.args, execArgv: exec.execArgv });
  const running = new Set<Worker>();
  let isStopping = false;
  const start = (): Worker => {
    const worker = cluster.fork();
    running.add(worker);
    worker.once('exit', () => running.delete(worker));
    return worker;
  };
  const watch = (worker: Worker): void => {
    worker.once('exit', (code, signal) => {
      if (isStopping) return;
      logger.error({ code, signal }, 'an OCSP worker ended; another one is started');
      void delay(restartMilliseconds).then(() => {
        if (!isStopping) watch(start());
      });
    });
  };
  const stop = async (): Promise<void> => {
    isStopping = true;
    const ended = [...running].map((worker) => once(worker, 'exit'));
    for (const worker of running) worker.process.kill('SIGTERM');
    await Promise.all(ended);
  };
  try {
    const started = Array.from({ length: workers }, start);
    await Promise.all(started.map(untilListening));
    started.forEach(watch);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** What it ended with, it has said itself. */
async function untilListening(worker: Worker): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  const ended = once(worker, 'exit', { signal }).then(() => {
    throw new DomainError('worker-failed', 'an OCSP worker ended before it listened');
  });
  try {
    await Promise.race([once(worker, 'listening', { signal }), ended]);
  } finally {
    ended.catch(() => undefined);
    done.abort();
  }
}
