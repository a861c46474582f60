import { calculateJwkThumbprint } from 'jose';
import type { Logger } from 'pino';

import type { Clock } from '../core/clock.ts';
import type { ServiceKey, ServiceKeyPurpose } from '../db/pg-service-keys.ts';
import type { Signer } from '../keys/signer.ts';
import { importPublicKey } from '../pki/public-key.ts';
import type { KeyStore } from './key-store.ts';
import type { Stores } from './stores.ts';

/** A key of the service that this process can sign with. */
export interface HeldServiceKey {
  kid: string;
  signer: Signer;
  /** Public. */
  jwk: Record<string, unknown>;
}

export interface ServiceKeysOptions {
  stores: Pick<Stores, 'database' | 'serviceKeys'>;
  keys: KeyStore;
  clock: Clock;
  logger: Logger;
}

/** Keys of the service itself, one purpose each: made when first needed, known to all by their public halves. */
export class ServiceKeys {
  readonly #options: ServiceKeysOptions;
  readonly #purpose: ServiceKeyPurpose;
  #opening: Promise<HeldServiceKey[]> | undefined;

  constructor(options: ServiceKeysOptions, purpose: ServiceKeyPurpose) {
    this.#options = options;
    this.#purpose = purpose;
  }

  /** The one to sign with: the newest of this data directory, or on a token. */
  async current(): Promise<HeldServiceKey> {
    return (await this.held()).at(-1)!;
  }

  /** All that this process can sign with, the oldest first; there is always one. */
  held(): Promise<readonly HeldServiceKey[]> {
    this.#opening ??= this.#open();
    // A failure is not kept.
    this.#opening.catch(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Public halves of all, those of other data directories among them. */
  async publicKeys(): Promise<Record<string, unknown>[]> {
    await this.held();
    return (await this.#options.stores.serviceKeys.list(this.#purpose)).map(({ jwk }) => jwk);
  }

  async #open(): Promise<HeldServiceKey[]> {
    const { stores, keys } = this.#options;
    const here = new Set(await keys.listFiles());
    const known = (await stores.serviceKeys.list(this.#purpose)).filter(
      ({ keyReference }) => here.has(keyReference) || keyReference.startsWith('pkcs11:'),
    );
    const held = known.length > 0 ? known : [await this.#make()];
    return Promise.all(
      held.map(async ({ kid, jwk, keyReference }) => ({
        kid,
        jwk,
        signer: await keys.openSigner(keyReference),
      })),
    );
  }

  async #make(): Promise<ServiceKey> {
    const { stores, keys, clock, logger } = this.#options;
    const purpose = this.#purpose;
    const keyReference = await keys.create(KEY_NAMES[purpose], 'p-256');
    const signer = await keys.openSigner(keyReference);
    const jwk = importPublicKey(signer.subjectPublicKeyInfo).export({ format: 'jwk' });
    const kid = await calculateJwkThumbprint(jwk);
    const key = {
      kid,
      purpose,
      jwk: { ...jwk, kid, alg: 'ES256', use: 'sig' },
      keyReference,
      addedAt: clock.now(),
    };
    await stores.database.transaction((tx) => stores.serviceKeys.insert(tx, key));
    logger.info({ kid, purpose }, 'made a key of the service');
    return key;
  }
}

/** How their files begin. */
const KEY_NAMES: Readonly<Record<ServiceKeyPurpose, string>> = { callbacks: 'service', push: 'push' };
