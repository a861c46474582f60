import { performance } from 'node:perf_hooks';

/** Signatures asked of keys at once; beyond, clients are told to come back instead of being made to wait. */
const IN_FLIGHT_MAX = 1024;
/** So many are signed or waited for whatever it takes: sessions of a token work side by side, and a machine may be busy. */
const SIGNATURES_MIN = 16;
/** Who is accepted waits no longer than this for other people's signatures: half of the 100 ms that an answer may take. */
const WAIT_MILLISECONDS_MAX = 50;
/**
 * Signing in this thread holds everything else up, answers that are prepared already too; after so much of it in one turn
 * of the event loop the others get theirs.
 */
const TURN_MILLISECONDS_MAX = 25;
/** Share of the newest measurement in the average. */
const NEWEST = 0.05;

/** How much signing is under way, and whether there is room for more. */
export class SigningLoad {
  readonly #elapsedMs: () => number;
  #inFlight = 0;
  #lastDoneMs = 0;
  /** Average time between two signatures that others made while more of them were waited for; 0: not known yet. */
  #intervalMs = 0;
  #turnMs = 0;
  #turnSignatures = 0;
  #isTurnOpen = false;

  /** `elapsedMs`: monotonic milliseconds. */
  constructor(elapsedMs: () => number = () => performance.now()) {
    this.#elapsedMs = elapsedMs;
  }

  /** False: one more signature would make somebody wait too long. */
  get hasRoom(): boolean {
    if (this.#turnMs >= TURN_MILLISECONDS_MAX && this.#turnSignatures >= SIGNATURES_MIN) return false;
    if (this.#inFlight >= IN_FLIGHT_MAX) return false;
    return this.#inFlight < SIGNATURES_MIN || this.#inFlight * this.#intervalMs <= WAIT_MILLISECONDS_MAX;
  }

  /** Signs in this thread. */
  here(sign: () => Buffer): Buffer {
    const startMs = this.#elapsedMs();
    try {
      return sign();
    } finally {
      this.#turnMs += this.#elapsedMs() - startMs;
      this.#turnSignatures += 1;
      this.#openTurn();
    }
  }

  /** Waits for a signature that is made elsewhere. */
  async elsewhere(sign: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#inFlight === 0) this.#lastDoneMs = this.#elapsedMs();
    this.#inFlight += 1;
    try {
      return await sign();
    } finally {
      this.#inFlight -= 1;
      this.#measure();
    }
  }

  #measure(): void {
    const nowMs = this.#elapsedMs();
    const intervalMs = nowMs - this.#lastDoneMs;
    this.#lastDoneMs = nowMs;
    this.#intervalMs =
      this.#intervalMs === 0 ? intervalMs : this.#intervalMs + (intervalMs - this.#intervalMs) * NEWEST;
  }

  #openTurn(): void {
    if (this.#isTurnOpen) return;
    this.#isTurnOpen = true;
    setImmediate(() => {
      this.#isTurnOpen = false;
      this.#turnMs = 0;
      this.#turnSignatures = 0;
    });
  }
}
