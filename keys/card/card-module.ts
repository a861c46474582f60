import { loadModule } from '../pkcs11/pkcs11-module.ts';
import type { Pkcs11Module } from '../pkcs11/pkcs11-module.ts';
import type { CardCryptoki } from '../pkcs11/cryptoki.ts';
import { cardErrorOf } from './card-error-of.ts';
import { CardError } from './card-error.ts';

/** Uses that may wait for the module; more is a page that asks in a loop. */
const WAITING_MAX = 50;

/**
 * A card module that is initialized anew for each use, one use after the other. What a module remembers of a card is then
 * what is on the card: readers that were plugged in are found, and what is read back was written. It costs some 50 ms.
 */
export class CardModule {
  readonly #module: Pkcs11Module;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  private constructor(module: Pkcs11Module) {
    this.#module = module;
  }

  /** Throws KeyError `pkcs11-not-installed` or `pkcs11-module`. */
  static async load(path: string): Promise<CardModule> {
    return new CardModule(await loadModule(path));
  }

  /** Lends the module until the promise settles; `what` stands in errors. Throws CardError. */
  async use<T>(what: string, work: (cryptoki: CardCryptoki) => Promise<T>): Promise<T> {
    if (this.#waiting >= WAITING_MAX)
      throw new CardError('card-busy', `${what}: ${WAITING_MAX} others wait for the card readers`);
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#using(what, work));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #using<T>(what: string, work: (cryptoki: CardCryptoki) => Promise<T>): Promise<T> {
    try {
      this.#module.acquire();
    } catch (error) {
      throw cardErrorOf(error, what);
    }
    try {
      // `loadCryptoki` loads all of PKCS#11; the signers' type names what they use of it.
      return await work(this.#module.cryptoki as CardCryptoki);
    } catch (error) {
      throw cardErrorOf(error, what);
    } finally {
      this.#module.release();
    }
  }
}
