import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { passphraseFromCredential, passphraseFromFile } from '../keys/passphrase.ts';
import type { Passphrase } from '../keys/passphrase.ts';

/** Name of the systemd credential (`LoadCredentialEncrypted=mohr-key-passphrase:…`). */
const CREDENTIAL = 'mohr-key-passphrase';

/** Where the passphrase of a key folder comes from; the first that is given counts. */
export interface KeyPassphraseSource {
  /** Absolute path of the file that holds it. */
  keyPassphraseFile?: string | undefined;
  /** `$CREDENTIALS_DIRECTORY`: set by systemd when the unit has credentials. */
  credentialsDirectory?: string | undefined;
}

/**
 * Reads the passphrase of a key folder, each time anew, so that none is kept. Without a source of its own a folder has its
 * passphrase beside its keys, made at the first use: good for evaluation, for whoever copies the folder has both.
 * Throws KeyError `secret-file-*` or `passphrase-source`.
 */
export async function readKeyPassphrase(folder: string, source: KeyPassphraseSource): Promise<Passphrase> {
  const { keyPassphraseFile, credentialsDirectory } = source;
  if (keyPassphraseFile !== undefined) return passphraseFromFile(keyPassphraseFile);
  if (credentialsDirectory !== undefined) {
    return passphraseFromCredential({ directory: credentialsDirectory, name: CREDENTIAL });
  }
  const besideKeys = join(folder, 'passphrase');
  if (!existsSync(besideKeys)) await writeNewPassphrase(besideKeys);
  return passphraseFromFile(besideKeys);
}

/** Complete or not there at all: a half-written passphrase would lock the keys away. */
async function writeNewPassphrase(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  await rename(temporary, path);
}
