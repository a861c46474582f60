import type { Logger } from 'pino';

import type { Clock } from '../core/clock.ts';
import { DomainError } from '../core/errors.ts';

/** One line for a kind of fault in so long: a key that is away fails thousands of times a second. */
const LINE_MILLISECONDS = 60_000;
/** Kinds are codes and class names of the house; more of them than that were made up by somebody. */
const KINDS_MAX = 100;

interface Kind {
  toldAt: number;
  /** Since the last line. */
  untold: number;
}

/** Logs the first fault of a kind at once, and after a minute one more with the number of those between. */
export class FaultLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #message: string;
  readonly #kinds = new Map<string, Kind>();

  constructor(logger: Logger, clock: Clock, message: string) {
    this.#logger = logger;
    this.#clock = clock;
    this.#message = message;
  }

  tell(error: unknown): void {
    const now = this.#clock.now().getTime();
    const kind = this.#kindOf(error);
    const known = this.#kinds.get(kind);
    if (known && now >= known.toldAt && now - known.toldAt < LINE_MILLISECONDS) {
      known.untold += 1;
      return;
    }
    const untold = known?.untold ?? 0;
    this.#logger.error({ err: error, kind, ...(untold > 0 && { alsoSinceLastLine: untold }) }, this.#message);
    this.#kinds.set(kind, { toldAt: now, untold: 0 });
  }

  /** Says that it is over, and how much was not told. */
  recovered(message: string): void {
    const untold = [...this.#kinds.values()].reduce((sum, one) => sum + one.untold, 0);
    this.#logger.info({ alsoSinceLastLine: untold }, message);
    this.#kinds.clear();
  }

  #kindOf(error: unknown): string {
    const kind = nameOf(error);
    return this.#kinds.has(kind) || this.#kinds.size < KINDS_MAX ? kind : 'other';
  }
}

function nameOf(error: unknown): string {
  if (error instanceof DomainError) return String(error.code);
  return error instanceof Error ? error.name : typeof error;
}
