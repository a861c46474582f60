import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../core/clock.ts';
import { OcspError } from './ocsp-error.ts';
import { StatusIndex } from './status-index.ts';
import { StatusLookUp } from './status-look-up.ts';
import type { OcspStatusSource, SourcedStatusChange } from './status-source.ts';
import type { DatedStatuses, StatusView } from './status-view.ts';

export interface StatusFollowerOptions {
  source: OcspStatusSource;
  authorityIds: readonly string[];
  clock: Clock;
  /** Called once for each new fault, not for each failed attempt; `undefined` when reading works again. */
  onFault: (fault: OcspError | undefined) => void;
  /** Called with the changes that answers tell of from now on; not with what was loaded. */
  onVisible?: (changes: readonly SourcedStatusChange[]) => void;
  /** Pause between two looks at the source when nothing wakes the follower. */
  pollMilliseconds?: number;
  /** Resolves after the pause, or as soon as the signal is aborted. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A change that no notification announced is still seen well within the second that revocations have to become visible. */
const POLL_MILLISECONDS = 250;

/** Changes read at once: some milliseconds of work, so that answers are not held up. */
const CHANGES_MAX = 1000;

/**
 * Keeps the indexes equal to the status history: loads them, then applies the changes in the order of their numbers.
 * While the source fails the indexes stand as they are and `confirmedAt` says since when.
 */
export class StatusFollower implements StatusView {
  readonly #options: StatusFollowerOptions;
  readonly #indexes = new Map<string, StatusIndex>();
  #lastChangeNumber = 0;
  /** The change with the last number; absent after loading, until the source has told it. */
  #lastChange: SourcedStatusChange | undefined;
  #confirmedAt: Date | undefined;
  #reading: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #fault: OcspError | undefined;
  readonly #lookUp: StatusLookUp;
  #isBroken = false;

  private constructor(options: StatusFollowerOptions) {
    this.#options = options;
    this.#lookUp = new StatusLookUp({ ...options, indexOf: (authorityId) => this.indexOf(authorityId) });
    for (const authorityId of options.authorityIds) this.#indexes.set(authorityId, new StatusIndex());
  }

  /** Loads the indexes of the authorities; rejects with OcspError `status-source-failed` or `status-history-broken`. */
  static async load(options: StatusFollowerOptions): Promise<StatusFollower> {
    const follower = new StatusFollower(options);
    await follower.#load().catch(rethrow);
    await follower.catchUp();
    return follower;
  }

  get confirmedAt(): Date | undefined {
    return this.#confirmedAt;
  }

  /** Number of the last change that the indexes show. */
  get lastChangeNumber(): number {
    return this.#lastChangeNumber;
  }

  indexOf(authorityId: string): StatusIndex {
    const index = this.#indexes.get(authorityId);
    if (!index) throw new OcspError('authority-unknown', `no status of ${authorityId} is followed here`);
    return index;
  }

  /** Undefined also when the history contradicts itself: then nothing that the source says can be trusted. */
  async lookUp(authorityId: string, serialNumbers: readonly Buffer[]): Promise<DatedStatuses | undefined> {
    return this.#isBroken ? undefined : this.#lookUp.lookUp(authorityId, serialNumbers);
  }

  /** Looks at the source again and again until the signal is aborted; failures are told to `onFault`. */
  async follow(signal: AbortSignal): Promise<void> {
    const { wait = pause, pollMilliseconds = POLL_MILLISECONDS } = this.#options;
    while (!signal.aborted) {
      await this.#look();
      await wait(pollMilliseconds, signal);
    }
  }

  /** Something may have changed: looks at the source now. */
  wake(): void {
    void this.#look();
  }

  /**
   * Resolves when the indexes show everything that was committed before the call; rejects with OcspError
   * `status-source-failed` or `status-history-broken` and leaves the indexes with what was read until then.
   */
  catchUp(): Promise<void> {
    // A read that is under way may have begun before the caller's commit: the one after it counts, for all who wait.
    this.#queued ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#queued = undefined;
        return this.#readOn().catch((error: unknown) => {
          this.#isBroken = isBroken(error);
          return rethrow(error);
        });
      });
    this.#reading = this.#queued;
    return this.#queued;
  }

  async #load(): Promise<void> {
    const { source, authorityIds } = this.#options;
    this.#lastChangeNumber = await source.loadAll(authorityIds, ({ authorityId, certificates, changes }) => {
      const index = this.indexOf(authorityId);
      if (certificates) index.loadPacked(certificates);
      if (changes) index.restatePacked(changes);
    });
  }

  async #readOn(): Promise<void> {
    for (;;) {
      // Before the read: what is committed while it runs may be missing from it.
      const askedAt = this.#options.clock.now();
      const after = Math.max(0, this.#lastChangeNumber - 1);
      const { changes, knownAt } = await this.#options.source.changesAfter(after, CHANGES_MAX);
      const news = this.#newAmong(changes);
      for (const change of news) this.#apply(change);
      this.#isBroken = false;
      if (news.length > 0) this.#options.onVisible?.(news);
      if (changes.length < CHANGES_MAX) {
        this.#confirm(knownAt && knownAt < askedAt ? knownAt : askedAt);
        return;
      }
    }
  }

  /** What was known once stays known: a replica that is further behind takes nothing back. A clock that was set back does. */
  #confirm(moment: Date): void {
    const known = this.#confirmedAt;
    if (!known || moment > known || known > this.#options.clock.now()) this.#confirmedAt = moment;
  }

  /**
   * The source is asked for the last change once more, ahead of the new ones. A source without it was rolled back or is a
   * replica that lags; one with another was rolled back and written on. Neither may pass for "nothing new".
   */
  #newAmong(changes: readonly SourcedStatusChange[]): readonly SourcedStatusChange[] {
    if (this.#lastChangeNumber === 0) return changes;
    const known = changes.at(0);
    if (known?.changeNumber !== this.#lastChangeNumber) {
      throw new OcspError(
        'status-history-broken',
        `the source does not know change ${this.#lastChangeNumber}`,
      );
    }
    this.#lastChange ??= known;
    if (!isSameChange(known, this.#lastChange)) {
      throw new OcspError('status-history-broken', `change ${known.changeNumber} is not what it was`);
    }
    return changes.slice(1);
  }

  #apply(change: SourcedStatusChange): void {
    const expected = this.#lastChangeNumber + 1;
    if (change.changeNumber !== expected) {
      throw new OcspError(
        'status-history-broken',
        `change ${change.changeNumber} came instead of ${expected}`,
      );
    }
    this.#indexes.get(change.authorityId)?.apply(change);
    this.#lastChangeNumber = change.changeNumber;
    this.#lastChange = change;
  }

  async #look(): Promise<void> {
    const fault = await this.catchUp().then(
      () => undefined,
      (error: OcspError) => error,
    );
    if (fault?.message === this.#fault?.message) return;
    this.#fault = fault;
    this.#options.onFault(fault);
  }
}

function isSameChange(a: SourcedStatusChange, b: SourcedStatusChange): boolean {
  return (
    a.authorityId === b.authorityId &&
    a.event === b.event &&
    a.serialNumber.equals(b.serialNumber) &&
    a.effectiveAt.getTime() === b.effectiveAt.getTime()
  );
}

function isBroken(error: unknown): boolean {
  return error instanceof OcspError && error.code === 'status-history-broken';
}

function rethrow(cause: unknown): never {
  if (cause instanceof OcspError) throw cause;
  throw new OcspError('status-source-failed', 'the status history cannot be read', { cause });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
