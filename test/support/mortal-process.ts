import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { MortalOrder, MortalResult } from './mortal-worker.ts';

const WORKER = fileURLToPath(new URL('mortal-worker.ts', import.meta.url));

/** A process that does one piece of a CA's work and dies in it (`mortal-worker.ts`). */
export class MortalProcess {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves when it has completed what the one before has left. */
  static async start(order: MortalOrder): Promise<MortalProcess> {
    const worker = fork(WORKER, { execArgv: ['--import', 'tsx'] });
    worker.send(order);
    await once(worker, 'message');
    return new MortalProcess(worker);
  }

  /** Undefined when it has died as it was told to. */
  async live(): Promise<MortalResult | undefined> {
    const ended = once(this.#process, 'exit') as Promise<[number | null, string | null]>;
    let result: MortalResult | undefined;
    this.#process.on('message', (message) => (result = message as MortalResult));
    this.#process.send('go');
    const [code, signal] = await ended;
    if (result ? code !== 0 : signal !== 'SIGKILL') throw new Error(`the worker ended: ${code ?? signal}`);
    return result;
  }
}
