import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { forkProgram } from './compiled-program.ts';
import type { MortalOrder, MortalResult } from './mortal-worker.ts';

/** A process that does one piece of a CA's work and dies in it (`mortal-worker.ts`). */
export class MortalProcess {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves when it has completed what the one before has left. */
  static async start(order: MortalOrder): Promise<MortalProcess> {
    const worker = forkProgram('test/support/mortal-worker.ts');
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
