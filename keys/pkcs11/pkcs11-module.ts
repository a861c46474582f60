import { realpath } from 'node:fs/promises';

import { KeyError } from '../key-error.ts';
import { CKF } from './constants.ts';
import { loadCryptoki } from './cryptoki.ts';
import type { Cryptoki } from './cryptoki.ts';
import { returnValueOf } from './cryptoki-error.ts';

/** A login to a token, as far as its module asks after it. */
interface Connection {
  /** Whether the module still lists the token that the connection is on. */
  isTokenPresent(): boolean;
  retire(): void;
}

/**
 * A loaded module, shared by all signers of the process: PKCS#11 is initialized once per process, and finalizing it ends
 * everybody's sessions. It stays loaded until the process ends, because modules do not survive being unloaded.
 */
export class Pkcs11Module {
  readonly cryptoki: Cryptoki;
  readonly #path: string;
  #users = 0;
  readonly #connections = new Set<Connection>();
  #calls = 0;
  #isUp = false;

  constructor(path: string, cryptoki: Cryptoki) {
    this.#path = path;
    this.cryptoki = cryptoki;
  }

  /** Initializes the module for its first user. Throws KeyError `pkcs11-module`. */
  acquire(): void {
    if (!this.#isUp) this.#initialize();
    this.#users += 1;
  }

  /** Throws KeyError `pkcs11-module` while the module is not initialized by us; `refresh` tries that again. */
  assertUp(): void {
    if (!this.#isUp) throw new KeyError('pkcs11-module', `${this.#path} is not initialized`);
  }

  /** Ends one use; the last one finalizes the module. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#finalize();
  }

  connectionOpened(connection: Connection): void {
    this.#connections.add(connection);
  }

  connectionClosed(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** Counts a use of a session, from before it is taken until after it is closed or given back. */
  async during<T>(use: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    try {
      return await use();
    } finally {
      this.#calls -= 1;
    }
  }

  /**
   * Finalizes and initializes the module when nothing lives in it; says whether it did. Several modules notice a token that
   * came back, or an HSM that is reachable again, in no other way. Connections to tokens that the module lists no more are
   * ended first: sessions outlive their token in some modules, and an idle key would keep the others from coming back.
   */
  refresh(): boolean {
    for (const connection of [...this.#connections]) if (!connection.isTokenPresent()) connection.retire();
    if (this.#connections.size > 0 || this.#calls > 0) return false;
    this.#finalize();
    this.#initialize();
    return true;
  }

  #finalize(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    try {
      this.cryptoki.C_Finalize();
    } catch {
      // An HSM that is away cannot say goodbye; the next C_Initialize tells whether it is back.
    }
  }

  /**
   * A module that something else in the process has initialized is refused. Whether it takes locks was settled by that
   * C_Initialize, and cannot be asked: without CKF_OS_LOCKING_OK, SoftHSM takes none, and signatures on several threads of the
   * pool corrupt the heap. And whoever initialized it may finalize it under a signature.
   */
  #initialize(): void {
    try {
      this.cryptoki.C_Initialize({ flags: CKF.osLockingOk });
      this.#isUp = true;
    } catch (cause) {
      const returnValue = returnValueOf(cause);
      const reason =
        returnValue === 'CKR_CRYPTOKI_ALREADY_INITIALIZED'
          ? 'something else in this process has initialized it, perhaps without locks'
          : `${returnValue}`;
      throw new KeyError('pkcs11-module', `${this.#path} cannot be initialized: ${reason}`, { cause });
    }
  }
}

const modules = new Map<string, Promise<Pkcs11Module>>();

/** The process's one instance of a module, loaded when first asked for; throws as `loadCryptoki` does. */
export async function loadModule(path: string): Promise<Pkcs11Module> {
  // The loader knows a file by what links lead to: two instances of one module would each find it initialized by another.
  const file = await realpath(path).catch(() => path);
  let loading = modules.get(file);
  if (!loading) {
    loading = loadCryptoki(path).then((cryptoki) => new Pkcs11Module(path, cryptoki));
    modules.set(file, loading);
    // A failure is not kept: the operator may install what is missing.
    loading.catch(() => modules.delete(file));
  }
  return loading;
}
