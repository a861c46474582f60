import type { Clock } from '../core/clock.ts';
import { OcspError } from './ocsp-error.ts';
import { StatusIndex } from './status-index.ts';
import type { OcspStatusSource } from './status-source.ts';
import type { DatedStatuses } from './status-view.ts';

export interface StatusLookUpOptions {
  source: Pick<OcspStatusSource, 'lookUp'>;
  clock: Clock;
  /** The index of an authority as far as it was followed. */
  indexOf: (authorityId: string) => StatusIndex;
}

/** Questions under way at once: some of a pool's connections stay for the follower itself. */
const LOOK_UPS_IN_FLIGHT_MAX = 4;
/** A source that has failed is left alone for so long: it is not helped by those who ask all the more. */
const PAUSE_MILLISECONDS = 1_000;

/**
 * Reads single statuses from the source, past an index that is behind it. Few at a time: this is for the minutes in which the
 * index cannot be confirmed, and what is too much is told to come back.
 */
export class StatusLookUp {
  readonly #options: StatusLookUpOptions;
  #inFlight = 0;
  #failedAt: Date | undefined;

  constructor(options: StatusLookUpOptions) {
    this.#options = options;
  }

  /** Rejects with OcspError `overloaded` or `status-source-failed`. */
  async lookUp(authorityId: string, serialNumbers: readonly Buffer[]): Promise<DatedStatuses | undefined> {
    const { source, clock, indexOf } = this.#options;
    const askedAt = clock.now();
    if (this.#failedAt && askedAt.getTime() - this.#failedAt.getTime() < PAUSE_MILLISECONDS) return undefined;
    if (this.#inFlight >= LOOK_UPS_IN_FLIGHT_MAX)
      throw new OcspError('overloaded', `${this.#inFlight} statuses are being looked up already`);
    this.#inFlight += 1;
    try {
      const { certificates, knownAt } = await source.lookUp(authorityId, serialNumbers);
      this.#failedAt = undefined;
      const index = new StatusIndex({ forFew: true });
      index.loadPacked(certificates);
      // A source that is behind what this node has seen already must not take anything back.
      if (isBehind(index, indexOf(authorityId), serialNumbers)) return undefined;
      return { index, confirmedAt: knownAt && knownAt < askedAt ? knownAt : askedAt };
    } catch (cause) {
      this.#failedAt = clock.now();
      if (cause instanceof OcspError) throw cause;
      throw new OcspError('status-source-failed', 'a status cannot be looked up', { cause });
    } finally {
      this.#inFlight -= 1;
    }
  }
}

function isBehind(found: StatusIndex, followed: StatusIndex, serialNumbers: readonly Buffer[]): boolean {
  return serialNumbers.some(
    (serialNumber) =>
      found.changeNumberAt(found.find(serialNumber)) < followed.changeNumberAt(followed.find(serialNumber)),
  );
}
