import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { freePort } from './free-port.ts';
import { MOHR } from './start-mohr.ts';

/** One node's `mohr serve` with the same port and settings however often it is started; ended with the test. */
export class NodeProcess {
  readonly port: number;
  /** Messages of its log, of all its lives. */
  readonly messages: string[] = [];
  readonly #variables: Record<string, string>;
  #process: ChildProcess | undefined;
  #printed = '';
  #heard: () => void = () => undefined;

  private constructor(port: number, variables: Record<string, string>) {
    this.port = port;
    this.#variables = variables;
  }

  static async create(
    t: { teardown(undo: () => Promise<void>): void },
    variables: Record<string, string>,
  ): Promise<NodeProcess> {
    const node = new NodeProcess(await freePort(), variables);
    t.teardown(() => node.kill());
    return node;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Of the demonstration staff, from the banner of a first start. */
  get loginLinks(): string[] {
    return [...this.#printed.matchAll(/(http:\/\/\S+\/sign-in#\S+)/g)].map(([link]) => link);
  }

  start(): void {
    this.#printed = '';
    const started = spawn(process.execPath, [...MOHR, 'serve'], {
      env: { ...process.env, ...this.#variables, MOHR_PORT: String(this.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = started;
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#printed += text;
      this.#heard();
    });
    createInterface({ input: started.stderr }).on('line', (line) => {
      this.messages.push(messageOf(line));
      this.#heard();
    });
    started.on('exit', () => this.#heard());
  }

  /** Resolves when it says that it is ready; rejects with its log when it ends before. */
  async ready(): Promise<void> {
    await this.#until(() => this.#printed.includes('mohr is ready'));
  }

  /** Resolves when it has logged this. */
  async logged(text: string): Promise<void> {
    await this.#until(() => this.messages.some((message) => message.includes(text)));
  }

  /** As systemd does it, by SIGTERM; resolves to the exit code when it has ended by itself. */
  async stop(): Promise<number | null> {
    const ending = this.#process!;
    const ended = once(ending, 'exit');
    ending.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** As by `kill -9`. */
  async kill(): Promise<void> {
    const ending = this.#process;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const { exitCode, signalCode } = this.#process!;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`mohr serve ended (${exitCode ?? signalCode}):\n${this.messages.join('\n')}`);
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }
}

function messageOf(line: string): string {
  try {
    return (JSON.parse(line) as { msg: string }).msg;
  } catch {
    return line;
  }
}
