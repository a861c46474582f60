import type { Clock } from '../core/clock.ts';
import type { ClockState, ClockSynchronisation } from './clock-synchronisation.ts';
import type { GenTimeMark } from './gen-time-mark.ts';
import { TsaError } from './tsa-error.ts';

export interface TrustedTimeOptions {
  clock: Clock;
  /** Milliseconds of a clock that nobody sets, since any moment. */
  monotonicMilliseconds: () => number;
  synchronisation: ClockSynchronisation;
  mark: GenTimeMark;
  /** What each time stamp claims. */
  accuracyMilliseconds: number;
}

/** So long what the time service said is believed; asking it may start a process. */
const CONFIRMED_MILLISECONDS = 10_000;

/** One write of the mark covers so much time; after a crash the unit waits for no longer than this. */
const RESERVED_MILLISECONDS = 5_000;

interface Confirmation {
  wall: number;
  monotonic: number;
  errorMilliseconds: number;
  measurement: string;
}

/**
 * Time that may be certified: from a clock that is known to be synchronised and has not jumped, each instant later than all
 * before it. Everything else is TsaError `time-not-available`.
 */
export class TrustedTime {
  readonly #options: TrustedTimeOptions;
  #confirmed: Confirmation | undefined;
  #confirming: Promise<void> | undefined;
  /** The measurement before a jump: it says nothing of the clock after it. */
  #outdated: string | undefined;
  #last = -Infinity;
  #reservedUntil = -Infinity;
  #reserving: Promise<void> | undefined;
  #isMarkLoaded = false;

  constructor(options: TrustedTimeOptions) {
    this.#options = options;
  }

  /** The next instant, to the millisecond. */
  async next(): Promise<Date> {
    for (;;) {
      await this.#confirm();
      const instant = this.#instant();
      if (instant <= this.#reservedUntil) {
        this.#last = instant;
        return new Date(instant);
      }
      await this.#reserve(instant);
    }
  }

  /** Undefined when time is to be had now; else why it is not. */
  async fault(): Promise<string | undefined> {
    try {
      await this.#confirm();
      this.#instant();
      return undefined;
    } catch (error) {
      if (error instanceof TsaError) return error.detail;
      throw error;
    }
  }

  /** Gives back what is reserved and not used; there is no next instant after it. */
  async close(): Promise<void> {
    await this.#reserving;
    if (this.#reservedUntil === -Infinity) return;
    this.#reservedUntil = -Infinity;
    if (Number.isFinite(this.#last)) await this.#options.mark.reserve(new Date(this.#last));
  }

  /** The later of the clock's time and the millisecond after the last instant, as long as that is within the accuracy. */
  #instant(): number {
    const { clock, accuracyMilliseconds } = this.#options;
    // Somebody who waited beside us may have found the clock wrong.
    if (!this.#confirmed) throw unavailable('the clock is being compared with its reference');
    const drift = Math.abs(this.#drift(this.#confirmed));
    const room = accuracyMilliseconds - this.#confirmed.errorMilliseconds - drift;
    if (room < 0) {
      this.#outdated = this.#confirmed.measurement;
      this.#confirmed = undefined;
      throw unavailable(`the clock jumped by ${Math.round(drift)} ms`);
    }
    const now = clock.now().getTime();
    const instant = Math.max(now, this.#last + 1);
    if (instant - now > room)
      throw unavailable(`the clock is ${instant - now} ms behind the last time stamp`);
    return instant;
  }

  /** How much further the wall clock has come than the monotonic one since the last confirmation. */
  #drift({ wall, monotonic }: Confirmation): number {
    const { clock, monotonicMilliseconds } = this.#options;
    return clock.now().getTime() - wall - (monotonicMilliseconds() - monotonic);
  }

  async #confirm(): Promise<void> {
    const { monotonicMilliseconds } = this.#options;
    if (this.#confirmed && monotonicMilliseconds() - this.#confirmed.monotonic < CONFIRMED_MILLISECONDS)
      return;
    // One asks for all who wait.
    this.#confirming ??= this.#ask().finally(() => (this.#confirming = undefined));
    await this.#confirming;
  }

  async #ask(): Promise<void> {
    const { clock, monotonicMilliseconds, synchronisation } = this.#options;
    // A jump since the last confirmation shows before that is replaced.
    if (this.#confirmed) this.#instant();
    const state = await synchronisation.state();
    this.#confirmed = undefined;
    this.#assertBelievable(state);
    const { errorMilliseconds, measurement } = state;
    this.#outdated = undefined;
    this.#confirmed = {
      wall: clock.now().getTime(),
      monotonic: monotonicMilliseconds(),
      errorMilliseconds,
      measurement,
    };
  }

  #assertBelievable(state: ClockState): asserts state is ClockState & { synchronised: true } {
    const { accuracyMilliseconds } = this.#options;
    if (!state.synchronised) throw unavailable(state.reason);
    if (state.measurement === this.#outdated)
      throw unavailable('the clock jumped and was not compared with its reference since');
    if (state.errorMilliseconds > accuracyMilliseconds)
      throw unavailable(
        `the clock may be wrong by ${Math.ceil(state.errorMilliseconds)} ms, at most ${accuracyMilliseconds}`,
      );
  }

  async #reserve(instant: number): Promise<void> {
    this.#reserving ??= this.#extend(instant).finally(() => (this.#reserving = undefined));
    await this.#reserving;
  }

  async #extend(instant: number): Promise<void> {
    const { mark } = this.#options;
    if (!this.#isMarkLoaded) {
      const until = await mark.load();
      this.#isMarkLoaded = true;
      if (until) this.#last = Math.max(this.#last, until.getTime());
      // The instant that was asked for may lie before it.
      return;
    }
    const until = instant + RESERVED_MILLISECONDS;
    await mark.reserve(new Date(until));
    this.#reservedUntil = until;
  }
}

function unavailable(detail: string): TsaError {
  return new TsaError('time-not-available', detail);
}
