import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';

import { KeyError } from './key-error.ts';

/** Permission bits that a secret's file must not have, by who may share it. */
const FORBIDDEN = { owner: 0o077, group: 0o007 };

/** Which file, how large it may be, and whether its group may read it too. */
export interface SecretFile {
  path: string;
  octetsMax: number;
  sharing: keyof typeof FORBIDDEN;
}

/**
 * Reads a small file that holds a secret. Throws KeyError `secret-file-unreadable` (missing, no regular file, larger than
 * `octetsMax`) or `secret-file-permissions`. Mode and size are asked of the open file, so that no swap comes between.
 */
export async function readSecretFile(secret: SecretFile): Promise<Buffer> {
  const file = await open(secret.path, 'r').catch((cause: unknown) => {
    throw new KeyError('secret-file-unreadable', `${secret.path} cannot be opened`, { cause });
  });
  try {
    const stats = await file.stat();
    assertReadable(stats, secret);
    const contents = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(contents, 0, stats.size, 0);
    return contents.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function assertReadable(stats: Stats, { path, octetsMax, sharing }: SecretFile): void {
  if (!stats.isFile()) throw new KeyError('secret-file-unreadable', `${path} is not a regular file`);
  if (stats.size > octetsMax) {
    throw new KeyError(
      'secret-file-unreadable',
      `${path} has ${stats.size} octets; allowed are ${octetsMax}`,
    );
  }
  // Windows has no such bits; its access lists are the administrator's.
  if (process.platform === 'win32' || (stats.mode & FORBIDDEN[sharing]) === 0) return;
  const actual = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const allowed = sharing === 'owner' ? '0600 or 0400' : '0640 or stricter';
  throw new KeyError('secret-file-permissions', `${path} has mode ${actual}; allowed is ${allowed}`);
}
