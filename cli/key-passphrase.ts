import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { passphraseFromCredential, passphraseFromFile } from '../keys/passphrase.ts';
import type { Passphrase } from '../keys/passphrase.ts';
import { secretReader } from './ceremony/secret-reader.ts';
import type { SecretReader, SecretSurroundings } from './ceremony/secret-reader.ts';

/** Name of the systemd credential (`LoadCredentialEncrypted=mohr-key-passphrase:…`). */
const CREDENTIAL = 'mohr-key-passphrase';

/** Where the passphrase of a key folder comes from; the first that is given counts. */
export interface KeyPassphraseSource {
  /** Absolute path of the file that holds it. */
  keyPassphraseFile?: string | undefined;
  /** Ask at the terminal. */
  keyPassphrasePrompt?: boolean | undefined;
  /** `$CREDENTIALS_DIRECTORY`: set by systemd when the unit has credentials. */
  credentialsDirectory?: string | undefined;
}

/** By folder: people are asked once for a process, which has many keys to open under one passphrase, and keeps that one. */
const asked = new Map<string, SecretReader>();

/**
 * Reads the passphrase of a key folder, each time anew, so that none is kept but one that was typed. Without a source of its own a folder has its
 * passphrase beside its keys, made at the first use: good for evaluation, for whoever copies the folder has both.
 * Throws KeyError `secret-file-*` or `passphrase-source`, and CeremonyError `passphrase-unconfirmed`.
 */
export async function readKeyPassphrase(
  folder: string,
  source: KeyPassphraseSource,
  terminal: SecretSurroundings['terminal'] = { input: process.stdin, output: process.stderr },
): Promise<Passphrase> {
  const { keyPassphraseFile, keyPassphrasePrompt, credentialsDirectory } = source;
  if (keyPassphraseFile !== undefined) return passphraseFromFile(keyPassphraseFile);
  if (keyPassphrasePrompt) return askFor(folder, terminal);
  if (credentialsDirectory !== undefined) {
    return passphraseFromCredential({ directory: credentialsDirectory, name: CREDENTIAL });
  }
  const besideKeys = join(folder, 'passphrase');
  if (!existsSync(besideKeys)) await writeNewPassphrase(besideKeys);
  return passphraseFromFile(besideKeys);
}

async function askFor(folder: string, terminal: SecretSurroundings['terminal']): Promise<Passphrase> {
  const what = `Passphrase of the keys in ${folder}`;
  const reader = asked.get(folder) ?? secretReader(what, { prompt: true }, { folder, terminal });
  asked.set(folder, reader);
  // Typed twice for the first key: a mistyped one would lock it away.
  const names = existsSync(folder) ? await readdir(folder) : [];
  return reader({ confirm: !names.some((name) => name.endsWith('.key')) });
}

/** Complete or not there at all: a half-written passphrase would lock the keys away. */
async function writeNewPassphrase(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  await rename(temporary, path);
}
