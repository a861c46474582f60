import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { programArguments } from '../compiled-program.ts';
import type { CardNews, CardOrder } from './card-host.ts';

/**
 * A loopback of its own for reader and cards, on which every segment is acknowledged at once: vpcd writes each command in two
 * pieces, and would else wait 40 ms for a delayed acknowledgement before each second one.
 */
const NETWORK = `ip link set lo up
for local in 127.0.0.1 127.0.0.0/8; do
  ip route change local $local dev lo proto kernel scope host src 127.0.0.1 table local quickack 1
done
exec "$@"`;

/** The process that pcscd and the cards live in, as this one speaks to it. */
export class CardHost {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #lastId = 0;

  private constructor(host: ChildProcess) {
    this.#process = host;
    host.on('message', (news) => this.#hear(news as CardNews));
  }

  static async start(t: { teardown(undo: () => Promise<unknown>): void }, folder: string): Promise<CardHost> {
    const node = [process.execPath, ...programArguments('test/support/virtual-card/card-host.ts'), folder];
    // Whoever is not root becomes it in a namespace of users.
    const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    const host = spawn('unshare', [...user, '--net', 'sh', '-c', NETWORK, 'sh', ...node], {
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

  order(order: CardOrder): Promise<void> {
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
