import type { Clock } from '../core/clock.ts';
import type { SourcedStatusChange } from './status-source.ts';

export interface RevocationVisibilityOptions {
  /** The node's clock; it and the database's are to agree, as all clocks of a deployment. */
  clock: Clock;
  /** Called with the seconds that each hold or revocation took from its commit until answers tell of it. */
  onSeconds?: (seconds: number) => void;
}

/** What a revocation may take at most, from its commit to every node's answers. */
const VISIBLE_SECONDS_MAX = 1;
/** So long an alarm stays on: whoever looks once a minute sees it. */
const ALARM_MILLISECONDS = 300_000;
/** The source is looked at four times a second; one that could not be for so long is not there. */
const UNCONFIRMED_SECONDS_MAX = 5;

/**
 * Measures how long revocations take to become visible here: from `recordedAt`, which the database's clock gave the row just
 * before its commit, to the moment at which this node's clock sees it applied. The time of the commit itself counts, too.
 */
export class RevocationVisibility {
  readonly #options: RevocationVisibilityOptions;
  #lateAt: Date | undefined;
  #confirmedAt: () => Date | undefined = () => undefined;

  constructor(options: RevocationVisibilityOptions) {
    this.#options = options;
  }

  /** Whose confirmations the alarm watches. */
  watch(status: { readonly confirmedAt: Date | undefined }): void {
    this.#confirmedAt = () => status.confirmedAt;
  }

  /** Takes changes that have just become visible. */
  observe(changes: readonly SourcedStatusChange[]): void {
    const now = this.#options.clock.now();
    for (const { event, recordedAt } of changes) {
      if (!recordedAt || (event !== 'held' && event !== 'revoked')) continue;
      // Two clocks: one that is some milliseconds behind the other makes no negative durations.
      const seconds = Math.max(0, (now.getTime() - recordedAt.getTime()) / 1000);
      if (seconds > VISIBLE_SECONDS_MAX) this.#lateAt = now;
      this.#options.onSeconds?.(seconds);
    }
  }

  /** Seconds since the statuses were last known to be current; Infinity before the first time. */
  get confirmedAgeSeconds(): number {
    const confirmedAt = this.#confirmedAt();
    if (!confirmedAt) return Infinity;
    return Math.max(0, (this.#options.clock.now().getTime() - confirmedAt.getTime()) / 1000);
  }

  /** Whether a revocation was late in the last five minutes, or one might be that nobody here can see. */
  get isAlarming(): boolean {
    if (this.confirmedAgeSeconds > UNCONFIRMED_SECONDS_MAX) return true;
    return (
      this.#lateAt !== undefined &&
      this.#options.clock.now().getTime() - this.#lateAt.getTime() < ALARM_MILLISECONDS
    );
  }
}
