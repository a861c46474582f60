import type { AuditError } from '../../audit/audit-error.ts';
import { fatesOutside, pruneCheckpoints } from '../../audit/prune-checkpoints.ts';
import type { PruningHouse } from '../../audit/prune-checkpoints.ts';
import type { LogFolder } from './log-folder.ts';

/** Of a thousand checkpoints each: a deployment that has kept all of many years is through in a night. */
const PAGES_MAX = 16;

/** Lets go of what later checkpoints say too, in the database and then outside of it. */
export class LogPruner {
  readonly #house: PruningHouse;
  readonly #folder: LogFolder;
  /** Begins anew with each process: it costs some reads. */
  #lookedAt = 0;

  constructor(house: PruningHouse, folder: LogFolder) {
    this.#house = house;
    this.#folder = folder;
  }

  async prune(onContradiction: (error: AuditError) => void): Promise<void> {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const { lookedAt, isMore } = await pruneCheckpoints(this.#house, this.#lookedAt, onContradiction);
      this.#lookedAt = lookedAt;
      if (!isMore) break;
    }
    await this.#folder.thin((some) => fatesOutside(this.#house, some));
  }
}
