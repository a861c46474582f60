import { resolve } from 'node:path';
import type { Writable } from 'node:stream';

import type { SecretSource } from '../../ca/ceremony/act.ts';
import { CeremonyError } from '../../ca/ceremony/ceremony-error.ts';
import { KeyError } from '../../keys/key-error.ts';
import { passphraseFromCredential, passphraseFromFile } from '../../keys/passphrase.ts';
import type { Passphrase } from '../../keys/passphrase.ts';
import { passphraseFromTerminal } from '../../keys/passphrase-from-terminal.ts';
import type { TerminalInput } from '../../keys/passphrase-from-terminal.ts';

/** Where secrets may be asked for on this machine. */
export interface SecretSurroundings {
  /** Folder to which paths are relative. */
  folder: string;
  /** `$CREDENTIALS_DIRECTORY` of systemd. */
  credentialsDirectory?: string | undefined;
  terminal: { input: TerminalInput; output: Writable };
}

/** Reads a secret, once; with `confirm` it is typed twice, because a mistyped one would lock a new key away. */
export type SecretReader = (options: { confirm: boolean }) => Promise<Passphrase>;

/** The reader of a source; throws what `keys/` throws, and CeremonyError `passphrase-unconfirmed`. */
export function secretReader(
  what: string,
  source: SecretSource,
  surroundings: SecretSurroundings,
): SecretReader {
  let secret: Promise<Passphrase> | undefined;
  return (options) => (secret ??= readSecret(what, source, surroundings, options.confirm));
}

async function readSecret(
  what: string,
  source: SecretSource,
  { folder, credentialsDirectory, terminal }: SecretSurroundings,
  confirm: boolean,
): Promise<Passphrase> {
  if ('file' in source) return passphraseFromFile(resolve(folder, source.file));
  if ('prompt' in source) {
    const first = await passphraseFromTerminal({ prompt: what, ...terminal });
    if (!confirm) return first;
    const second = await passphraseFromTerminal({ prompt: `${what}, once more`, ...terminal });
    if (first.reveal().equals(second.reveal())) return first;
    throw new CeremonyError('passphrase-unconfirmed', `${what}: the two answers differ`);
  }
  if (credentialsDirectory)
    return passphraseFromCredential({ directory: credentialsDirectory, name: source.credential });
  throw new KeyError(
    'passphrase-source',
    'systemd has passed no credentials ($CREDENTIALS_DIRECTORY is not set)',
  );
}
