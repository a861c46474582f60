import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../core/errors.ts';
import { DbError } from './db-error.ts';

const LOCK_FILE = 'mohr.lock';

/**
 * Takes a data directory for this process; two processes on one embedded database would destroy it. A lock whose process
 * is gone is taken over. Returns the release. Throws DbError `data-directory-in-use`.
 */
export async function lockDataDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LOCK_FILE);
  for (;;) {
    if (await createLock(path)) return () => rm(path, { force: true });
    const holder = await holderOf(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new DbError('data-directory-in-use', `${directory} is in use by process ${holder}`);
    }
    await rm(path, { force: true });
  }
}

async function createLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${process.pid}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw new DbError('data-directory-unusable', `cannot write to ${path}`, { cause: error });
  }
}

async function holderOf(path: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(path, 'utf8')).trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A process that we may not signal is alive all the same. The own pid means a restart in a container: the lock is old. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
