import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError, errorCode } from '../../core/errors.ts';
import type { GenTimeMark } from '../../tsa/gen-time-mark.ts';

/** The mark in a file of the data directory, which one process has to itself, as it has the key. */
export class GenTimeMarkFile implements GenTimeMark {
  readonly #path: string;

  constructor(dataDirectory: string) {
    this.#path = join(dataDirectory, 'tsa-time-mark');
  }

  async load(): Promise<Date | undefined> {
    const text = await readFile(this.#path, 'latin1').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const mark = new Date(text.trim());
    if (!Number.isNaN(mark.getTime())) return mark;
    // Without it a token could be earlier than one before it.
    throw new DomainError('time-mark-damaged', `${this.#path} holds no time`);
  }

  /** Written beside the file, synced, and put in its place: a crash leaves the old mark or the new one. */
  async reserve(until: Date): Promise<void> {
    const file = await open(`${this.#path}.new`, 'w', 0o600);
    try {
      await file.writeFile(`${until.toISOString()}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.new`, this.#path);
  }
}
