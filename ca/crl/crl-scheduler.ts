import type { CrlAuthority, CrlHouse } from './crl-house.ts';
import { isDue, issuedScopes } from './crl-due.ts';
import { CrlHistory } from './crl-history.ts';
import { issueCrl } from './issue-crl.ts';
import type { CrlHead } from './crl-store.ts';
import type { LeaderLock } from './leader-lock.ts';

export interface CrlSchedulerOptions {
  house: CrlHouse;
  lock: LeaderLock;
  /** Told of each failure, for log and alarm; the CRLs in force stay and it is tried again. */
  onFailure(error: unknown): void;
}

/** Between two looks at what may go; a CRL that was superseded this long ago is not being fetched any more. */
const PRUNE_MILLISECONDS = 3600 * 1000;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** Issues each CRL when it is due, in the one process that leads; in the others it keeps what is served up to date. */
export class CrlScheduler {
  readonly #house: CrlHouse;
  readonly #lock: LeaderLock;
  readonly #onFailure: (error: unknown) => void;
  #history: CrlHistory | undefined;
  #quietUntil = 0;
  #pruneAt = 0;

  constructor({ house, lock, onFailure }: CrlSchedulerOptions) {
    this.#house = house;
    this.#lock = lock;
    this.#onFailure = onFailure;
  }

  /**
   * Does what is to be done at this moment, and returns the heads of what was issued; never rejects. To be called about
   * once a second and after each status change, and not again before it has ended (`Pulse`).
   */
  async tick(): Promise<CrlHead[]> {
    if (this.#house.clock.now().getTime() < this.#quietUntil) return [];
    try {
      // Asked of the store and not remembered: another process may have led, or a ceremony brought a root's CRL.
      await this.#house.cache.refresh();
      if (!(await this.#lock.lead())) {
        await this.#forget();
        return [];
      }
      const issued = await this.#issueDue(await this.#followHistory());
      await this.#prune();
      return issued;
    } catch (error) {
      await this.#forget();
      this.#fail(error);
      return [];
    }
  }

  async close(): Promise<void> {
    await this.#forget();
    await this.#lock.release();
  }

  async #followHistory(): Promise<CrlHistory> {
    const heads = this.#house.cache.heads();
    if (this.#history) await this.#history.catchUp(heads);
    else this.#history = await CrlHistory.load(this.#house, heads);
    return this.#history;
  }

  async #issueDue(history: CrlHistory): Promise<CrlHead[]> {
    const issued: CrlHead[] = [];
    for (const crlAuthority of this.#house.authorities) {
      try {
        for await (const heads of this.#issueDueOf(crlAuthority, history)) issued.push(...heads);
      } catch (error) {
        // The key of one authority may be out of reach; the others' CRLs do not wait for it.
        this.#fail(error);
      }
    }
    return issued;
  }

  async *#issueDueOf(crlAuthority: CrlAuthority, history: CrlHistory): AsyncGenerator<CrlHead[]> {
    const { cache, clock, policy } = this.#house;
    for (const scope of issuedScopes(crlAuthority)) {
      if (!isDue(clock.now(), policy, cache.current(scope), history.staleSince(scope))) continue;
      yield await issueCrl(this.#house, crlAuthority, history, scope);
    }
  }

  /** Hourly; a failure is told and holds nothing up. */
  async #prune(): Promise<void> {
    const { clock, store, transactions, policy } = this.#house;
    const now = clock.now().getTime();
    if (now < this.#pruneAt) return;
    this.#pruneAt = now + PRUNE_MILLISECONDS;
    const pruning = {
      supersededBefore: new Date(now - PRUNE_MILLISECONDS),
      archivedSince: new Date(now - policy.archiveDays * DAY_MILLISECONDS),
    };
    try {
      await transactions.transaction((tx) => store.prune(tx, pruning));
    } catch (error) {
      this.#onFailure(error);
    }
  }

  #fail(error: unknown): void {
    this.#quietUntil = this.#house.clock.now().getTime() + this.#house.policy.retrySeconds * 1000;
    this.#onFailure(error);
  }

  async #forget(): Promise<void> {
    const history = this.#history;
    this.#history = undefined;
    await history?.close();
  }
}
