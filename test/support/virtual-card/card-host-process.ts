import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { CardNews, CardOrder } from './card-host.ts';

type WithoutId<Order> = Order extends unknown ? Omit<Order, 'id'> : never;

/**
 * A loopback of its own for reader and cards, on which every segment is acknowledged at once: vpcd writes each command in two
 * pieces, and would else wait 40 ms for a delayed acknowledgement before each second one.
 */
const NETWORK = `ip link set lo up
for local in 127.0.0.1 127.0.0.0/8; do
  ip route change local $local dev lo proto kernel scope host src 127.0.0.1 table local quickack 1
done
exec "$@"`;

const HOST = fileURLToPath(new URL('./card-host.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

/** The process that the cards live in, and its network. */
export class CardHost {
  /** Starts a program in the same network: put before its name and arguments. */
  readonly inItsNetwork: readonly string[];
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor(host: ChildProcess) {
    this.#process = host;
    const user = isRoot ? [] : ['--user', '--preserve-credentials'];
    this.inItsNetwork = ['nsenter', '--target', String(host.pid), ...user, '--net', '--'];
    host.on('message', (news) => this.#hear(news as CardNews));
  }

  static async start(t: { teardown(undo: () => Promise<unknown>): void }): Promise<CardHost> {
    const node = [process.execPath, '--import', import.meta.resolve('tsx'), HOST];
    const namespace = isRoot ? ['--net'] : ['--map-root-user', '--net'];
    const host = spawn('unshare', [...namespace, 'sh', '-c', NETWORK, 'sh', ...node], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    t.teardown(async () => {
      const ended = once(host, 'exit');
      host.disconnect();
      await ended;
    });
    await once(host, 'message');
    return new CardHost(host);
  }

  order(order: WithoutId<CardOrder>): Promise<void> {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ ...order, id });
    });
  }

  #hear({ id, failure }: CardNews): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) waiting?.resolve();
    else waiting?.reject(new Error(failure));
  }
}
