import type { Socket } from 'node:net';

/**
 * Holds back what is written to sockets until every request that has arrived is answered. A client that sleeps is woken by the
 * first octets it gets, which costs the writer as much as half a signature; sent one after the other, a batch of answers wakes
 * it once, and sent as each is signed, once for each.
 */
export class GatheredWrites {
  readonly #held = new Set<Socket>();

  /** Holds what is written to the socket from now on until the event loop has read everything that is there. */
  hold(socket: Socket): void {
    if (this.#held.has(socket)) return;
    socket.cork();
    if (this.#held.size === 0) setImmediate(this.#send);
    this.#held.add(socket);
  }

  readonly #send = (): void => {
    for (const socket of this.#held) socket.uncork();
    this.#held.clear();
  };
}
