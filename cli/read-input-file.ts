import { open } from 'node:fs/promises';

import { DomainError, errorCode } from '../core/errors.ts';

/** A CRL with a million entries has some 40 MB. */
const INPUT_OCTETS_MAX = 128 * 1024 * 1024;

/** Reads a file that was named on the command line; throws DomainError `input-unreadable`. */
export async function readInputFile(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new DomainError('input-unreadable', `${path} cannot be opened: ${errorCode(cause)}`, { cause });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new DomainError('input-unreadable', `${path} is not a regular file`);
    if (stats.size <= INPUT_OCTETS_MAX) return await file.readFile();
    throw new DomainError(
      'input-unreadable',
      `${path} has ${stats.size} octets; allowed are ${INPUT_OCTETS_MAX}`,
    );
  } finally {
    await file.close();
  }
}
