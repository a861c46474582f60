import { randomBytes } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

import { KeyError } from './key-error.ts';

/**
 * Writes a file of mode 0600 that did not exist, all of it or nothing, durable when the promise resolves.
 * Throws KeyError `key-file-exists`, leaving the other file as it was, or `key-file-unwritable` (also on file systems
 * without hard links: only a link fails when its target exists and never shows a half-written file).
 * A crash leaves at most `<path>.<random>.new`, which nothing reads.
 */
export async function writeNewFile(path: string, contents: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeDurably(temporary, contents);
    await link(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new KeyError('key-file-exists', `${path} exists and is not overwritten`, { cause });
    }
    throw new KeyError('key-file-unwritable', `${path} cannot be written`, { cause });
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

async function writeDurably(path: string, contents: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name itself is durable only once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories; NTFS journals its names.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
