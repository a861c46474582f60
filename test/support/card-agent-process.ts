import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { freePort } from './free-port.ts';
import { MOHR } from './start-mohr.ts';

/** A `mohr card-agent` with the same port and state however often it is started; ended with the test. */
export class CardAgentProcess {
  readonly port: number;
  /** All that it printed, in all its lives. */
  printed = '';
  readonly #args: readonly string[];
  readonly #variables: Record<string, string>;
  #process: ChildProcess | undefined;

  private constructor(port: number, args: readonly string[], variables: Record<string, string>) {
    this.port = port;
    this.#args = args;
    this.#variables = variables;
  }

  static async start(
    t: { teardown(undo: () => Promise<void>): void },
    args: readonly string[],
    variables: Record<string, string> = {},
  ): Promise<CardAgentProcess> {
    const agent = new CardAgentProcess(await freePort(), args, variables);
    t.teardown(() => agent.kill());
    await agent.start();
    return agent;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process!.pid!;
  }

  async start(): Promise<void> {
    const started = spawn(
      process.execPath,
      [...MOHR, 'card-agent', '--port', String(this.port), ...this.#args],
      {
        env: { ...process.env, ...this.#variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = started;
    await new Promise<void>((resolve, reject) => {
      const hear = (text: string): void => {
        this.printed += text;
        if (text.includes('agent is ready')) resolve();
      };
      started.stdout.setEncoding('utf8').on('data', hear);
      started.stderr.setEncoding('utf8').on('data', hear);
      started.once('exit', () => reject(new Error(`mohr card-agent ended:\n${this.printed}`)));
    });
  }

  /** As by `kill -9`. */
  async kill(): Promise<void> {
    const ending = this.#process;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }
}
