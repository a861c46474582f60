import { KeyError } from '../key-error.ts';
import type { Passphrase } from '../passphrase.ts';
import type { Pkcs11Uri } from '../pkcs11-uri.ts';
import { keyErrorOf } from './cryptoki-error.ts';
import type { Pkcs11Module } from './pkcs11-module.ts';
import { TokenConnection } from './token-connection.ts';

export interface TokenLinkOptions {
  module: Pkcs11Module;
  uri: Pkcs11Uri;
  readPin(): Promise<Passphrase | undefined>;
  sessionsMax: number;
  reconnectPauseMs: number;
  /** Monotonic milliseconds. */
  elapsedMs(): number;
}

/** Keeps one key connected through removed tokens, dead sessions and restarted HSMs, and never tries a refused PIN twice. */
export class TokenLink {
  readonly #options: TokenLinkOptions;
  readonly #running = new Set<Promise<unknown>>();
  #connection: TokenConnection | undefined;
  #connecting: Promise<TokenConnection> | undefined;
  /** The key's SubjectPublicKeyInfo, once known: another card under the same label is not our key. */
  #expectedKey: Buffer | undefined;
  #retryAtMs = -Infinity;
  /** Set for good by a refused PIN and by closing. */
  #end: KeyError | undefined;

  constructor(options: TokenLinkOptions) {
    this.#options = options;
    options.module.acquire();
  }

  /** Does a piece of work on the connection, and once more on a new one when that fails. */
  async use<T>(work: (connection: TokenConnection) => Promise<T>): Promise<T> {
    const running = this.#useTwice(work);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits for what runs, then ends the connection and this use of the module. */
  async close(): Promise<void> {
    if (this.#end?.context.closed) return;
    this.#end = new KeyError('key-unavailable', `${this.#options.uri.label} is closed`, {
      context: { closed: true },
    });
    await Promise.allSettled([...this.#running, this.#connecting]);
    if (this.#connection) this.#discard(this.#connection);
    this.#options.module.release();
  }

  async #useTwice<T>(work: (connection: TokenConnection) => Promise<T>): Promise<T> {
    const first = await this.#connected();
    try {
      return await work(first);
    } catch (error) {
      // A full queue, or a key that cannot do what is asked, is no fault of the connection.
      if (error instanceof KeyError && error.code !== 'key-unavailable') throw error;
      this.#discard(first);
    }
    const second = await this.#connected();
    try {
      return await work(second);
    } catch (error) {
      this.#discard(second);
      throw error;
    }
  }

  /** The connection, or the one attempt at it that all callers share. */
  async #connected(): Promise<TokenConnection> {
    if (this.#connection) return this.#connection;
    if (this.#end) throw this.#end;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<TokenConnection> {
    const { elapsedMs, reconnectPauseMs, uri, readPin } = this.#options;
    const waitMs = this.#retryAtMs - elapsedMs();
    if (waitMs > 0) {
      throw new KeyError(
        'key-unavailable',
        `${uri.label} is away; the next attempt is due in ${Math.ceil(waitMs)} ms`,
      );
    }
    try {
      const pin = await readPin();
      this.#connection = this.#openRefreshing(pin);
      return this.#connection;
    } catch (error) {
      this.#retryAtMs = elapsedMs() + reconnectPauseMs;
      throw error;
    }
  }

  /** Opens a connection; when that fails and nobody else uses the module, once more after the module has begun anew. */
  #openRefreshing(pin: Passphrase | undefined): TokenConnection {
    try {
      return this.#open(pin);
    } catch (error) {
      if (this.#end || !this.#options.module.refresh()) throw error;
      return this.#open(pin);
    }
  }

  #open(pin: Passphrase | undefined): TokenConnection {
    const { module, uri, sessionsMax } = this.#options;
    try {
      module.assertUp();
      const connection = TokenConnection.open({ module, uri, pin, sessionsMax });
      this.#expectedKey ??= connection.subjectPublicKeyInfo;
      if (this.#expectedKey.equals(connection.subjectPublicKeyInfo)) return connection;
      connection.retire();
      throw new KeyError('key-mismatch', `${uri.label} now names another key`);
    } catch (cause) {
      const error = keyErrorOf(cause, uri.label);
      if (error.code === 'token-pin') this.#end = error;
      throw error;
    }
  }

  #discard(connection: TokenConnection): void {
    connection.retire();
    if (this.#connection === connection) this.#connection = undefined;
  }
}
