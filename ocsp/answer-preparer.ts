import { performance } from 'node:perf_hooks';

import type { HotAnswer, HotSet } from './hot-set.ts';
import type { Preparation } from './prepare-ahead.ts';

export interface AnswerPreparerOptions {
  hotSet: HotSet;
  responder: { prepareAhead(hot: HotAnswer): Promise<Preparation> };
  /** What fails; the answer stays as it is and is tried again with the next round. */
  onFault: (error: unknown) => void;
  /** Signatures a second that may be spent on what nobody waits for yet. Default 200. */
  signaturesPerSecond?: number;
  /** Monotonic milliseconds. */
  elapsedMs?: () => number;
  /** Resolves after so many milliseconds, and lets others work even for none. */
  pause?: (milliseconds: number) => Promise<void>;
}

const SIGNATURES_PER_SECOND = 200;
/** Signatures asked of a key side by side: as many as a token has sessions. */
const BATCH = 8;
/** Looked at in one turn: less than a millisecond. */
const LOOKED_AT_IN_A_TURN = 500;

/** Signs the answers of the hot set ahead, in batches off the request path, so that those who ask find them prepared. */
export class AnswerPreparer {
  readonly #options: Required<AnswerPreparerOptions>;
  #again = false;
  #round: Promise<void> | undefined;
  #stopped = false;

  constructor(options: AnswerPreparerOptions) {
    this.#options = {
      signaturesPerSecond: SIGNATURES_PER_SECOND,
      elapsedMs: () => performance.now(),
      pause: (milliseconds) =>
        new Promise(
          (resolve) =>
            void (milliseconds > 0 ? setTimeout(resolve, milliseconds).unref() : setImmediate(resolve)),
        ),
      ...options,
    };
  }

  /** Prepares as much as it can in the time, the most recently asked first: at start, before anybody is let in. */
  async prepareFirst(millisecondsMax: number): Promise<void> {
    const untilMs = this.#options.elapsedMs() + millisecondsMax;
    await this.#goRound(Infinity, () => this.#options.elapsedMs() >= untilMs);
  }

  /** Goes round once within the budget of signatures; when it is on its way already, once more afterwards. */
  prepare(): Promise<void> {
    this.#again = this.#round !== undefined;
    this.#round ??= this.#rounds().finally(() => (this.#round = undefined));
    return this.#round;
  }

  /** Signs the answers about what has changed at once, whatever the budget says: the old ones are not given any more. */
  async changed(changes: readonly { authorityId: string; serialNumber: Buffer }[]): Promise<void> {
    const { hotSet } = this.#options;
    const answers = changes.flatMap(({ authorityId, serialNumber }) =>
      hotSet.about(authorityId, serialNumber),
    );
    for (let at = 0; at < answers.length && !this.#stopped; at += BATCH) {
      const outcomes = await Promise.all(answers.slice(at, at + BATCH).map((hot) => this.#prepareOne(hot)));
      // Whoever asks has it signed then.
      if (outcomes.includes('failed')) return;
    }
  }

  /** Resolves when nothing is being signed any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#round;
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      await this.#goRound(this.#options.signaturesPerSecond, () => this.#stopped);
    } while (this.#again && !this.#stopped);
  }

  async #goRound(signaturesPerSecond: number, isOver: () => boolean): Promise<void> {
    const { hotSet, pause, elapsedMs } = this.#options;
    const answers = hotSet.answers();
    const startMs = elapsedMs();
    let signatures = 0;
    let looked = 0;
    for (let at = 0; at < answers.length && !isOver(); at += BATCH) {
      const outcomes = await Promise.all(answers.slice(at, at + BATCH).map((hot) => this.#prepareOne(hot)));
      if (outcomes.includes('failed')) return;
      const signed = outcomes.filter((outcome) => outcome === 'signed').length;
      signatures += signed;
      looked += BATCH - signed;
      const dueMs = startMs + (signatures * 1000) / signaturesPerSecond;
      if (signed > 0 || looked >= LOOKED_AT_IN_A_TURN) {
        looked = 0;
        await pause(Math.max(0, dueMs - elapsedMs()));
      }
    }
  }

  async #prepareOne(hot: HotAnswer): Promise<'stands' | 'signed' | 'failed'> {
    const { hotSet, responder, onFault } = this.#options;
    try {
      const { isGone, isSigned, isAsked } = await responder.prepareAhead(hot);
      if (isGone) hotSet.forget(hot);
      else if (isAsked) hotSet.note(hot);
      return isSigned ? 'signed' : 'stands';
    } catch (error) {
      onFault(error);
      return 'failed';
    }
  }
}
