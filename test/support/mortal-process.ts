import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { forkProgram } from './compiled-program.ts';
import type { MortalLogOrder, MortalLogResult } from './mortal-log-worker.ts';
import type { MortalOrder, MortalResult } from './mortal-worker.ts';

/** A process that does one piece of work and dies in it (`mortal-worker.ts`: a CA's; `mortal-log-worker.ts`: the log's). */
export class MortalProcess<Result> {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Resolves when it has completed what the one before has left. */
  static start(order: MortalOrder): Promise<MortalProcess<MortalResult>> {
    return MortalProcess.#start('mortal-worker.ts', order);
  }

  static startLog(order: MortalLogOrder): Promise<MortalProcess<MortalLogResult>> {
    return MortalProcess.#start('mortal-log-worker.ts', order);
  }

  static async #start<Result>(name: string, order: object): Promise<MortalProcess<Result>> {
    const worker = forkProgram(`test/support/${name}`);
    worker.send(order);
    const ended = once(worker, 'exit').then(([code, signal]: unknown[]) => {
      throw new Error(`the worker ended before its work: ${String(code ?? signal)}`);
    });
    ended.catch(() => undefined);
    await Promise.race([once(worker, 'message'), ended]);
    return new MortalProcess<Result>(worker);
  }

  /** Undefined when it has died as it was told to. */
  async live(): Promise<Result | undefined> {
    const ended = once(this.#process, 'exit') as Promise<[number | null, string | null]>;
    let result: Result | undefined;
    this.#process.on('message', (message) => (result = message as Result));
    this.#process.send('go');
    const [code, signal] = await ended;
    if (result ? code !== 0 : signal !== 'SIGKILL') throw new Error(`the worker ended: ${code ?? signal}`);
    return result;
  }
}
