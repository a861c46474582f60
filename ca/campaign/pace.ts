import type { Clock } from '../../core/clock.ts';

export interface PaceOptions {
  perSecond: number;
  clock: Clock;
  wait: (milliseconds: number) => Promise<unknown>;
}

/** Spreads work evenly over time: each unit waits for its turn, and time that nobody used is not saved up. */
export class Pace {
  readonly #options: PaceOptions;
  #next = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Resolves when that many units may begin. */
  async take(units: number): Promise<void> {
    const { perSecond, clock, wait } = this.#options;
    const now = clock.now().getTime();
    const turn = Math.max(this.#next, now);
    this.#next = turn + (units * 1000) / perSecond;
    if (turn > now) await wait(turn - now);
  }
}
