import { join } from 'node:path';

import type { Checkpoint } from '../../audit/checkpoint.ts';
import type { WitnessMemory } from '../../audit/witness/judge-checkpoint.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { LogFolder } from '../transparency/log-folder.ts';

/** What a witness has cosigned, a folder for each log: the last checkpoint, and all that there were. */
export class WitnessFolder implements WitnessMemory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  last(origin: string): Promise<Checkpoint | undefined> {
    return this.#folder(origin).remembered();
  }

  remember(checkpoint: Checkpoint, note: string): Promise<void> {
    return this.#folder(checkpoint.origin).remember({ ...checkpoint, note });
  }

  /** An origin may hold anything: its hash is a name of a folder. */
  #folder(origin: string): LogFolder {
    return new LogFolder(
      join(this.#path, digest('sha256', Buffer.from(origin)).toString('hex').slice(0, 32)),
    );
  }
}
