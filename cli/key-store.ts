import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError } from '../core/errors.ts';
import { createKeyFile } from '../keys/create-key-file.ts';
import { openFileSigner } from '../keys/file-signer.ts';
import { generateTokenKey } from '../keys/generate-token-key.ts';
import { openPkcs11Signer } from '../keys/pkcs11-signer.ts';
import type { TokenSigner } from '../keys/pkcs11-signer.ts';
import type { Signer } from '../keys/signer.ts';
import type { KeyType } from '../pki/key-type.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { parseKeyReference } from './key-reference.ts';
import { readKeyPassphrase } from './key-passphrase.ts';
import type { KeyPassphraseSource } from './key-passphrase.ts';
import { tracedSigner } from './tracing/traced-signer.ts';

export interface KeyStoreOptions extends KeyPassphraseSource {
  /** `file`, or the `pkcs11:` URI of the token on which new keys are made. Default: `file`. */
  keys?: string | undefined;
  /** Pause before a token that is away is tried again; default: that of the PKCS#11 signer. */
  reconnectPauseMs?: number | undefined;
}

const FILE_REFERENCE = /^file:([A-Za-z0-9._-]+\.key)$/;

/**
 * The private keys of a process, known to the rest by reference (`key-reference.ts`): `file:<name>` in the store's folder, or the
 * `pkcs11:` URI of a key on any token. Each is opened once and kept until the store is closed.
 */
export class KeyStore {
  readonly #folder: string;
  readonly #options: KeyStoreOptions;
  readonly #signers = new Map<string, Promise<Signer>>();
  readonly #tokens: TokenSigner[] = [];

  private constructor(folder: string, options: KeyStoreOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Opens a folder, made when there is none. */
  static async open(folder: string, options: KeyStoreOptions = {}): Promise<KeyStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    return new KeyStore(folder, options);
  }

  /**
   * Makes a key, on the token when one is configured (it cannot leave it), and returns its reference. The name ends in random
   * characters: what a ceremony that was interrupted left behind is never overwritten and never in the way.
   */
  async create(name: string, keyType: KeyType): Promise<string> {
    const unique = `${name}-${randomBytes(4).toString('hex')}`;
    const { keys } = this.#options;
    if (keys === undefined || keys === 'file') {
      const passphrase = await readKeyPassphrase(this.#folder, this.#options);
      await createKeyFile({ path: join(this.#folder, `${unique}.key`), keyType, passphrase });
      return `file:${unique}.key`;
    }
    const reference = uriOfKey(keys, unique);
    await generateTokenKey({ uri: reference, keyType });
    return reference;
  }

  /**
   * Opens a key of the folder, or one on a token by its URI (the PIN comes from the URI's pin-source). Throws DomainError
   * `key-reference-malformed`, and what the signers throw.
   */
  openSigner(reference: string): Promise<Signer> {
    let opening = this.#signers.get(reference);
    if (!opening) {
      opening = this.#open(reference);
      this.#signers.set(reference, opening);
      // A failure is not kept: the token may be put in.
      opening.catch(() => this.#signers.delete(reference));
    }
    return opening;
  }

  /** References of all keys in the folder, whether anybody uses them or not. */
  async listFiles(): Promise<string[]> {
    const names = await readdir(this.#folder);
    return names
      .map((name) => `file:${name}`)
      .filter((reference) => FILE_REFERENCE.test(reference))
      .sort();
  }

  /** Ends the sessions on tokens, once running signatures are done. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#signers.values());
    await Promise.all(this.#tokens.map((token) => token.close()));
  }

  async #open(reference: string): Promise<Signer> {
    const { place, algorithm } = parseKeyReference(reference);
    if (place.startsWith('pkcs11:')) return this.#openToken(place, algorithm);
    const file = FILE_REFERENCE.exec(place)?.[1];
    if (!file)
      throw new DomainError('key-reference-malformed', `"${reference}" is not a key of this key store`);
    const passphrase = await readKeyPassphrase(this.#folder, this.#options);
    const path = join(this.#folder, file);
    return tracedSigner(await openFileSigner({ path, passphrase, ...(algorithm && { algorithm }) }));
  }

  async #openToken(uri: string, algorithm?: SignatureAlgorithmName): Promise<Signer> {
    const { reconnectPauseMs } = this.#options;
    const signer = await openPkcs11Signer({
      uri,
      ...(algorithm && { algorithm }),
      ...(reconnectPauseMs !== undefined && { reconnectPauseMs }),
    });
    this.#tokens.push(signer);
    return tracedSigner(signer);
  }
}

/** The URI of a token with the label of a key in its path (RFC 7512 §2.3); names here need no percent-encoding. */
function uriOfKey(tokenUri: string, object: string): string {
  const [path, query] = tokenUri.split('?');
  return `${path};object=${object}?${query}`;
}
