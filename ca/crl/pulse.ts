export interface PulseOptions {
  intervalMilliseconds: number;
  /** Does not reject: it has reported its own failures. */
  work(): Promise<unknown>;
}

/** Calls work again and again, never twice at a time: an interval after it ended, or at once when woken. */
export class Pulse {
  readonly #options: PulseOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #wokenAgain = false;
  #stopped = false;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** Works now; when it is at work already, once more afterwards, since it may have missed what woke it. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#wokenAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#run();
  }

  /** Resolves when the work at hand has ended; there is none after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#wokenAgain = false;
      await this.#options.work();
    } while (this.#wokenAgain && !this.#stopped);
    this.#running = undefined;
    if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), this.#options.intervalMilliseconds);
  }
}
