import type { BlockedKeys } from './blocked-keys.ts';

interface Question {
  spkiSha256: Uint8Array;
  answer(isBlocked: boolean): void;
  fail(error: unknown): void;
}

/** Most keys that are asked for at once; more than any batch of a campaign. */
const GATHERED_MAX = 2_000;

/** Asks for many keys at once: all that are asked in one turn of the event loop go into one question. */
export class GatheredBlockedKeys implements BlockedKeys {
  readonly #blockedAmong: (spkiSha256s: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>;
  #waiting: Question[] = [];

  /** `blockedAmong` answers with those of the keys that are blocked. */
  constructor(blockedAmong: (spkiSha256s: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>) {
    this.#blockedAmong = blockedAmong;
  }

  isBlocked(spkiSha256: Uint8Array): Promise<boolean> {
    return new Promise((answer, fail) => {
      if (this.#waiting.length === 0) setImmediate(() => void this.#ask());
      this.#waiting.push({ spkiSha256, answer, fail });
      if (this.#waiting.length === GATHERED_MAX) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const asked = this.#waiting;
    this.#waiting = [];
    if (asked.length === 0) return;
    try {
      const blocked = await this.#blockedAmong(asked.map(({ spkiSha256 }) => spkiSha256));
      const known = new Set(blocked.map(hex));
      for (const { spkiSha256, answer } of asked) answer(known.has(hex(spkiSha256)));
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  }
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex');
}
