import { join } from 'node:path';

import { KeyError } from './key-error.ts';
import { readSecretFile } from './read-secret-file.ts';

/** Longest passphrase or PIN that is read, in octets; 1 KiB of random characters is beyond every use. */
export const PASSPHRASE_OCTETS_MAX = 1024;

/** A passphrase or PIN. Its octets are private, so that neither a log, an inspection nor JSON can show them. */
export class Passphrase {
  readonly #octets: Buffer;

  /** Takes a copy; refuses with `passphrase-source` what is empty or longer than the bound. */
  constructor(secret: string | Uint8Array) {
    const octets = Buffer.from(secret);
    if (octets.length === 0 || octets.length > PASSPHRASE_OCTETS_MAX) {
      throw new KeyError(
        'passphrase-source',
        `a passphrase has 1 to ${PASSPHRASE_OCTETS_MAX} octets, this one ${octets.length}`,
      );
    }
    this.#octets = octets;
  }

  /** The octets, UTF-8 for text; a view: whoever asks does not keep it. */
  reveal(): Buffer {
    return this.#octets;
  }

  toJSON(): string {
    return '[passphrase]';
  }

  toString(): string {
    return '[passphrase]';
  }
}

/**
 * Reads a passphrase from the first and only line of a file of this user alone. Throws KeyError
 * `secret-file-unreadable`, `secret-file-permissions` (group or others may do anything with it) or `passphrase-source`.
 */
export async function passphraseFromFile(path: string): Promise<Passphrase> {
  return onlyLine(
    await readSecretFile({ path, octetsMax: PASSPHRASE_OCTETS_MAX + 2, sharing: 'owner' }),
    path,
  );
}

/**
 * Reads a systemd credential; `directory` is what the service manager puts into `$CREDENTIALS_DIRECTORY`.
 * systemd grants it to a dynamic user through an ACL whose mask shows as group bits, so only others are refused.
 * @see https://systemd.io/CREDENTIALS/
 */
export async function passphraseFromCredential(options: {
  directory: string;
  name: string;
}): Promise<Passphrase> {
  const { directory, name } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(name)) {
    throw new KeyError(
      'passphrase-source',
      'a credential name has letters, digits, dots, hyphens and underscores',
    );
  }
  const path = join(directory, name);
  return onlyLine(
    await readSecretFile({ path, octetsMax: PASSPHRASE_OCTETS_MAX + 2, sharing: 'group' }),
    path,
  );
}

/** Drops the line end that editors and `echo` leave; a second line is a mistake, not a part of the secret. */
function onlyLine(contents: Buffer, path: string): Passphrase {
  try {
    let end = contents.length;
    if (contents[end - 1] === 0x0a) end -= 1;
    if (contents[end - 1] === 0x0d) end -= 1;
    const line = contents.subarray(0, end);
    if (line.includes(0x0a)) throw new KeyError('passphrase-source', `${path} has more than one line`);
    if (line.length === 0) throw new KeyError('passphrase-source', `${path} is empty`);
    return new Passphrase(line);
  } finally {
    contents.fill(0);
  }
}
