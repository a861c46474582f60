import type { Passphrase } from '../passphrase.ts';
import type { Pkcs11Uri } from '../pkcs11-uri.ts';
import type { Handle } from './cryptoki.ts';
import type { Pkcs11Module } from './pkcs11-module.ts';
import { SessionPool, closeSession, openSession } from './session-pool.ts';
import type { SigningMechanism } from './signing-mechanism.ts';
import { findPrivateKey } from './token-objects.ts';
import { readPublicKey } from './token-public-key.ts';
import { findSlot, login } from './token.ts';

/** RSA-4096 gives 512 octets; larger signatures are not made by PKCS#11 yet. */
const SIGNATURE_OCTETS_MAX = 1024;

/** pkcs11js hands bare pointers to its worker threads; what they read is kept from the garbage collector here. */
const inFlight = new Set<Buffer>();

/** A key on a token that is logged in: valid until the token, the session or the module goes. */
export class TokenConnection {
  readonly subjectPublicKeyInfo: Buffer;
  /** Mechanisms that the token offers. */
  readonly mechanisms: readonly number[];
  readonly #module: Pkcs11Module;
  readonly #privateKey: Handle;
  readonly #pool: SessionPool;
  readonly #place: { uri: Pkcs11Uri; slot: Handle };
  #isRetired = false;

  private constructor(
    module: Pkcs11Module,
    key: { privateKey: Handle; subjectPublicKeyInfo: Buffer; mechanisms: number[] },
    pool: SessionPool,
    place: { uri: Pkcs11Uri; slot: Handle },
  ) {
    this.#module = module;
    this.#place = place;
    this.#privateKey = key.privateKey;
    this.#pool = pool;
    this.subjectPublicKeyInfo = key.subjectPublicKeyInfo;
    this.mechanisms = key.mechanisms;
    module.connectionOpened(this);
  }

  /** Finds the token, logs in and finds the key, all at once: nothing else of this process comes between. */
  static open(options: {
    module: Pkcs11Module;
    uri: Pkcs11Uri;
    pin?: Passphrase;
    sessionsMax: number;
  }): TokenConnection {
    const { module, uri, pin, sessionsMax } = options;
    const { cryptoki } = module;
    const slot = findSlot(cryptoki, uri);
    const session = openSession(cryptoki, slot);
    try {
      login(cryptoki, { slot, session, pin });
      const privateKey = findPrivateKey(cryptoki, session, uri);
      const subjectPublicKeyInfo = readPublicKey(cryptoki, session, privateKey);
      const mechanisms = cryptoki.C_GetMechanismList(slot);
      const pool = new SessionPool({ module, slot, session, sessionsMax });
      const key = { privateKey, subjectPublicKeyInfo, mechanisms };
      return new TokenConnection(module, key, pool, { uri, slot });
    } catch (error) {
      closeSession(cryptoki, session);
      throw error;
    }
  }

  /** Signs what the mechanism takes, a digest or a message; rejects with whatever the token says. */
  async sign(mechanism: SigningMechanism, input: Buffer): Promise<Buffer> {
    const { cryptoki } = this.#module;
    return this.#pool.use(async (session) => {
      const signature = Buffer.alloc(SIGNATURE_OCTETS_MAX);
      inFlight.add(input).add(signature);
      try {
        cryptoki.C_SignInit(session, mechanism, this.#privateKey);
        return mechanism.output(await cryptoki.C_SignAsync(session, input, signature));
      } finally {
        inFlight.delete(input);
        inFlight.delete(signature);
      }
    });
  }

  isTokenPresent(): boolean {
    const { uri, slot } = this.#place;
    try {
      return findSlot(this.#module.cryptoki, uri).equals(slot);
    } catch {
      return false;
    }
  }

  /** Ends the connection; signatures under way still finish. */
  retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    this.#pool.retire();
    this.#module.connectionClosed(this);
  }
}
