import { KeyError } from '../key-error.ts';
import { CKF } from './constants.ts';
import type { Cryptoki, Handle } from './cryptoki.ts';
import type { Pkcs11Module } from './pkcs11-module.ts';

/** Signatures that may wait for a session; beyond it the token is hopelessly behind, and waiting helps nobody. */
const WAITING_MAX = 10_000;

interface Waiting {
  resolve(session: Handle): void;
  reject(error: unknown): void;
}

/** The sessions of one connection to a token; each has one signing operation at a time. */
export class SessionPool {
  readonly #module: Pkcs11Module;
  readonly #slot: Handle;
  readonly #idle: Handle[];
  readonly #waiting: Waiting[] = [];
  #open = 1;
  #max: number;
  #isRetired = false;

  /** Takes over the session that logged in. */
  constructor(options: { module: Pkcs11Module; slot: Handle; session: Handle; sessionsMax: number }) {
    this.#module = options.module;
    this.#slot = options.slot;
    this.#idle = [options.session];
    this.#max = options.sessionsMax;
  }

  /** Lends a session; one with which a call failed may still have that call active, so it is closed. */
  async use<T>(work: (session: Handle) => Promise<T>): Promise<T> {
    return this.#module.during(async () => {
      const session = await this.#take();
      try {
        const result = await work(session);
        this.#giveBack(session);
        return result;
      } catch (error) {
        this.#close(session);
        this.#serveNext();
        throw error;
      }
    });
  }

  /** Closes what is idle now and what is lent as it comes back; whoever waits is turned away with `key-unavailable`. */
  retire(): void {
    this.#isRetired = true;
    for (const session of this.#idle.splice(0)) this.#close(session);
    for (const { reject } of this.#waiting.splice(0))
      reject(new KeyError('key-unavailable', 'the session ended'));
  }

  async #take(): Promise<Handle> {
    if (this.#isRetired) throw new KeyError('key-unavailable', 'the session ended');
    const session = this.#idle.pop() ?? this.#openAnother();
    if (session) return session;
    if (this.#waiting.length >= WAITING_MAX) {
      throw new KeyError('key-busy', `${WAITING_MAX} signatures wait for the token already`);
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #openAnother(): Handle | undefined {
    if (this.#open >= this.#max) return undefined;
    try {
      const session = openSession(this.#module.cryptoki, this.#slot);
      this.#open += 1;
      return session;
    } catch (error) {
      if (this.#open === 0) throw error;
      // The token grants no more than these (CKR_SESSION_COUNT), or it is going; then the open ones notice.
      this.#max = this.#open;
      return undefined;
    }
  }

  #giveBack(session: Handle): void {
    if (this.#isRetired) return this.#close(session);
    const next = this.#waiting.shift();
    if (next) next.resolve(session);
    else this.#idle.push(session);
  }

  /** After a session was lost: the first in the queue gets a new one, or the reason why there is none. */
  #serveNext(): void {
    const next = this.#waiting.shift();
    if (!next) return;
    this.#take().then(next.resolve, next.reject);
  }

  #close(session: Handle): void {
    this.#open -= 1;
    closeSession(this.#module.cryptoki, session);
  }
}

export function openSession(cryptoki: Cryptoki, slot: Handle, flags = 0): Handle {
  return cryptoki.C_OpenSession(slot, CKF.serialSession | flags);
}

/** Closing is a courtesy to the token: with a dead session there is nobody to receive it. */
export function closeSession(cryptoki: Cryptoki, session: Handle): void {
  try {
    cryptoki.C_CloseSession(session);
  } catch {
    // Already gone, with its token or its module.
  }
}
