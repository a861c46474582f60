import type { ConnectionState, OcspConnection } from './ocsp-connection.ts';

/** How often connections are looked at; limits are told in such looks, and so are exact to one of them. */
const LOOK_MILLISECONDS = 1_000;

/** What is not heard of for so long is left to node:http, which knows how long a request may take, and what to say then. */
const PATIENCE_LOOKS = 2;
/** A client that reads nothing for so long is gone, or holds a place on purpose. */
const UNREAD_LOOKS = 30;

/** The connections that are answered ahead of node:http, each until it is closed or handed over. */
export class HeldConnections {
  readonly #held = new Set<OcspConnection>();
  readonly #limits: Record<ConnectionState, { looks: number; then: 'handOver' | 'destroy' }>;
  readonly #timer: NodeJS.Timeout;
  #isClosing = false;
  #isLeaving = false;

  /** `keepAliveMilliseconds`: how long a connection may wait for its next request. */
  constructor(keepAliveMilliseconds: number) {
    const idleLooks = Math.ceil(keepAliveMilliseconds / LOOK_MILLISECONDS) + 1;
    this.#limits = {
      silent: { looks: PATIENCE_LOOKS, then: 'handOver' },
      incomplete: { looks: PATIENCE_LOOKS, then: 'handOver' },
      idle: { looks: idleLooks, then: 'destroy' },
      unread: { looks: UNREAD_LOOKS, then: 'destroy' },
      leaving: { looks: UNREAD_LOOKS, then: 'destroy' },
      // Signing has bounds of its own.
      answering: { looks: Infinity, then: 'destroy' },
    };
    this.#timer = setInterval(() => this.look(), LOOK_MILLISECONDS).unref();
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Whether the next answer on each connection is its last. */
  get isLeaving(): boolean {
    return this.#isLeaving || this.#isClosing;
  }

  get size(): number {
    return this.#held.size;
  }

  /** What each connection is doing. */
  states(): ConnectionState[] {
    return Array.from(this.#held, ({ state }) => state);
  }

  add(connection: OcspConnection): void {
    this.#held.add(connection);
  }

  delete(connection: OcspConnection): void {
    this.#held.delete(connection);
    if (this.#isClosing && this.#held.size === 0) clearInterval(this.#timer);
  }

  /** Ends what has waited for too long; once a second by itself. */
  look(): void {
    for (const connection of this.#held) {
      connection.looks += 1;
      const { looks, then } = this.#limits[connection.state];
      if (connection.looks < looks) continue;
      // A server that is closing does not time requests any more, so none is handed over then.
      if (then === 'handOver' && !this.#isClosing) connection.handOver();
      else connection.socket.destroy();
    }
  }

  /** Closes connections that nobody uses now. */
  closeIdle(): void {
    for (const { state, socket } of this.#held) if (state === 'idle') socket.destroy();
  }

  /** Ends each connection with its next answer; more may come meanwhile. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Lets each connection go with the answer that is under way, and those without one at once. */
  close(): void {
    this.#isClosing = true;
    for (const { state, socket } of this.#held) if (state === 'idle' || state === 'silent') socket.destroy();
    if (this.#held.size === 0) clearInterval(this.#timer);
  }
}
