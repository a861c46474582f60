import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { DomainError } from '../core/errors.ts';
import { createKeyFile } from '../keys/create-key-file.ts';
import { openFileSigner } from '../keys/file-signer.ts';
import type { KeyType } from '../keys/key-type.ts';
import { passphraseFromFile } from '../keys/passphrase.ts';
import type { Passphrase } from '../keys/passphrase.ts';
import { openPkcs11Signer } from '../keys/pkcs11-signer.ts';
import type { Signer } from '../keys/signer.ts';

const FILE_REFERENCE = /^file:([A-Za-z0-9._-]+\.key)$/;

/** Keys of one folder, encrypted under the passphrase that lies beside them; known to the rest as `file:<name>`. */
export class KeyStore {
  readonly #folder: string;
  readonly #passphrase: Passphrase;

  private constructor(folder: string, passphrase: Passphrase) {
    this.#folder = folder;
    this.#passphrase = passphrase;
  }

  /** Opens a folder; a new one gets a random passphrase. */
  static async open(folder: string): Promise<KeyStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const passphraseFile = join(folder, 'passphrase');
    if (!existsSync(passphraseFile)) await writeNewPassphrase(passphraseFile);
    return new KeyStore(folder, await passphraseFromFile(passphraseFile));
  }

  /**
   * Makes a key and returns its reference. The name ends in random characters: what a ceremony that was interrupted
   * left behind is never overwritten and never in the way.
   */
  async create(name: string, keyType: KeyType): Promise<string> {
    const file = `${name}-${randomBytes(4).toString('hex')}.key`;
    await createKeyFile({ path: join(this.#folder, file), keyType, passphrase: this.#passphrase });
    return `file:${file}`;
  }

  /** Opens a key of this folder, or one on a token by its `pkcs11:` URI (the PIN comes from the URI's pin-source). */
  async openSigner(reference: string): Promise<Signer> {
    if (reference.startsWith('pkcs11:')) return openPkcs11Signer({ uri: reference });
    const file = FILE_REFERENCE.exec(reference)?.[1];
    if (!file)
      throw new DomainError('key-reference-malformed', `"${reference}" is not a key of this key store`);
    return openFileSigner({ path: join(this.#folder, file), passphrase: this.#passphrase });
  }
}

/** Complete or not there at all: a half-written passphrase would lock the keys away. */
async function writeNewPassphrase(path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  await rename(temporary, path);
}
