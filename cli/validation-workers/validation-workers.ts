import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import type { BatchDocument, BatchResult } from '../../validation/batch/batch-result.ts';
import type { ValidationRecords } from '../../validation/batch/validation-records.ts';
import type { FromWorker, ToWorker, WorkerTerms } from './worker-protocol.ts';

export interface ValidationWorkersOptions {
  terms: Omit<WorkerTerms, 'hasRecords'>;
  /** Absent: the signatures have to bring all that there is to know. */
  records: ValidationRecords | undefined;
  /** Absent: as many as there are processors. */
  threads?: number;
  /** Told what could not be read of statuses, or fetched from others. */
  onFault(what: 'status' | 'fetch', detail: string): void;
}

/** While one chunk of a thread waits for the database, it is at work on another. */
const CHUNKS_PER_THREAD = 2;

/** More than any document makes a thread take; one that takes more ends alone. */
const THREAD_HEAP_MIB = 1_024;
/** What documents leave behind is short-lived: room for more of it between collections costs memory and saves no time. */
const THREAD_YOUNG_HEAP_MIB = 24;

interface Pending {
  resolve(results: readonly BatchResult[]): void;
  reject(error: Error): void;
}

interface Thread {
  worker: Worker;
  pending: Map<number, Pending>;
}

/** Threads that validate, started when there is something to validate; one that dies fails what it was at, and the next one is another. */
export class ValidationWorkers {
  readonly #options: ValidationWorkersOptions;
  readonly #threads: Thread[] = [];
  readonly #threadsMax: number;
  #lastId = 0;

  constructor(options: ValidationWorkersOptions) {
    this.#options = options;
    this.#threadsMax = options.threads ?? availableParallelism();
  }

  /** How many chunks keep all threads at work. */
  get chunksMax(): number {
    return this.#threadsMax * CHUNKS_PER_THREAD;
  }

  /** Validates in the thread with the least work; rejects when it dies. */
  validate(documents: readonly BatchDocument[]): Promise<readonly BatchResult[]> {
    const { worker, pending } = this.#idlest();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      // A thread keeps the process alive only while somebody waits for it.
      worker.ref();
      worker.postMessage({ kind: 'validate', id, documents } satisfies ToWorker);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #idlest(): Thread {
    const idlest = this.#threads.toSorted((a, b) => a.pending.size - b.pending.size).at(0);
    if (idlest && (idlest.pending.size === 0 || this.#threads.length === this.#threadsMax)) return idlest;
    return this.#start();
  }

  #start(): Thread {
    const { terms, records } = this.#options;
    const worker = new Worker(workerUrl(), {
      workerData: { ...terms, hasRecords: records !== undefined } satisfies WorkerTerms,
      resourceLimits: {
        maxOldGenerationSizeMb: THREAD_HEAP_MIB,
        maxYoungGenerationSizeMb: THREAD_YOUNG_HEAP_MIB,
      },
    });
    const thread: Thread = { worker, pending: new Map() };
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#hear(thread, message));
    worker.on('error', (error) => this.#end(thread, error));
    worker.on('exit', (code) => this.#end(thread, new Error(`a thread that validates ended (${code})`)));
    this.#threads.push(thread);
    return thread;
  }

  #hear(thread: Thread, message: FromWorker): void {
    switch (message.kind) {
      case 'results':
        this.#settle(thread, message.id)?.resolve(message.results);
        return;
      case 'failed':
        this.#settle(thread, message.id)?.reject(new Error(message.failure));
        return;
      case 'ask':
        void this.#look(thread, message);
        return;
      case 'fault':
        this.#options.onFault(message.what, message.detail);
        return;
    }
  }

  #settle({ worker, pending }: Thread, id: number): Pending | undefined {
    const one = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return one;
  }

  async #look({ worker }: Thread, { id, question, about }: FromWorker & { kind: 'ask' }): Promise<void> {
    try {
      const ask = this.#options.records![question].bind(this.#options.records) as (
        about: readonly unknown[],
      ) => Promise<readonly unknown[]>;
      worker.postMessage({ kind: 'answers', id, answers: await ask(about) } satisfies ToWorker);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      worker.postMessage({ kind: 'no-answers', id, failure } satisfies ToWorker);
    }
  }

  #end(thread: Thread, error: Error): void {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
    for (const { reject } of thread.pending.values()) reject(error);
    thread.pending.clear();
  }
}

/** Beside this file: compiled, or TypeScript, for which a thread must register the loader by itself. */
function workerUrl(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./validation-worker.js', import.meta.url);
  const loader = import.meta.resolve('tsx/esm/api');
  const worker = new URL('./validation-worker.ts', import.meta.url).href;
  const module = `import { register } from '${loader}'; register(); await import('${worker}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`);
}
