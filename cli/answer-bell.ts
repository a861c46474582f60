import { DomainError } from '../core/errors.ts';

/** A notification may be missed while the connection for it is away. */
const POLL_MILLISECONDS = 500;

/** Wakes those who wait for an answer of another process. */
export class AnswerBell {
  #waiting: { rung: Promise<void>; ring: () => void; fail: (error: unknown) => void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Resolves at the next ring, and soon in any case; rejects once this process stops. */
  next(): Promise<void> {
    if (this.#closed) return Promise.reject(stopping());
    if (!this.#waiting) {
      const { promise, resolve, reject } = withResolvers();
      this.#waiting = { rung: promise, ring: resolve, fail: reject };
      this.#timer = setTimeout(() => this.ring(), POLL_MILLISECONDS);
    }
    return this.#waiting.rung;
  }

  ring(): void {
    this.#end()?.ring();
  }

  close(): void {
    this.#closed = true;
    this.#end()?.fail(stopping());
  }

  #end() {
    clearTimeout(this.#timer);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}

function stopping(): DomainError {
  return new DomainError('ca-silent', 'this process stops');
}

function withResolvers() {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
