/** Woken or not, whoever waits looks again after so long: a bell that another node rang may not have been heard. */
const LOOK_AGAIN_MILLISECONDS = 5_000;
/** Rings of other nodes are gathered: a notification within each transaction would make all commits wait for one another. */
const GATHER_MILLISECONDS = 20;
/** Beyond this many, a question is answered as things are. */
const WAITING_MAX = 50_000;

/**
 * Wakes who waits for a session, in this process at once and in the others by a notification. It is a hint: what is true stands in
 * the database, and is read each time.
 */
export class SessionBell {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #publish: ((topics: readonly string[]) => Promise<void>) | undefined;
  readonly #rung = new Set<string>();
  #waitingCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `publish` tells the other processes; absent where there are none. It does not reject. */
  constructor(publish?: (topics: readonly string[]) => Promise<void>) {
    this.#publish = publish;
  }

  /** Something has changed about a session or for a phone. */
  ring(topic: string): void {
    this.hear([topic]);
    if (!this.#publish || this.#closed) return;
    this.#rung.add(topic);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MILLISECONDS);
  }

  /** Another process rang; without topics, something may have been missed. */
  hear(topics?: readonly string[]): void {
    for (const topic of topics ?? this.#waiting.keys())
      for (const wake of this.#waiting.get(topic) ?? []) wake();
  }

  /** Reads until it finds something, at most for so long; undefined then. */
  async waitFor<T>(
    topic: string,
    milliseconds: number,
    read: () => Promise<T | undefined>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      // Listening before reading: what happens in between rings.
      const woken = this.#listen(topic);
      try {
        const found = await read();
        const left = deadline - performance.now();
        if (found !== undefined || left <= 0 || signal?.aborted || this.#waitingCount > WAITING_MAX)
          return found;
        await woken.within(Math.min(left, LOOK_AGAIN_MILLISECONDS), signal);
      } finally {
        woken.end();
      }
      if (this.#closed) return undefined;
    }
  }

  /** Whoever waits gets an answer now. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.hear();
  }

  #listen(topic: string) {
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    const listeners = this.#waiting.get(topic) ?? new Set();
    this.#waiting.set(topic, listeners.add(wake));
    this.#waitingCount += 1;
    return {
      within: async (milliseconds: number, signal?: AbortSignal) => {
        const timer = setTimeout(wake, milliseconds);
        signal?.addEventListener('abort', wake, { once: true });
        await woken;
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
      },
      end: () => {
        this.#waitingCount -= 1;
        listeners.delete(wake);
        if (listeners.size === 0 && this.#waiting.get(topic) === listeners) this.#waiting.delete(topic);
      },
    };
  }

  #tell(): void {
    this.#timer = undefined;
    const topics = [...this.#rung];
    this.#rung.clear();
    void this.#publish?.(topics);
  }
}

/** What a phone waits for: that there is something to sign with its certificate. */
export function deviceTopic(certificateSha256: Buffer): string {
  return certificateSha256.toString('hex');
}
