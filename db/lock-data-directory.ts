import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../core/errors.ts';
import { DbError } from './db-error.ts';
import { isProcessAlive, processStamp } from './process-stamp.ts';

const LOCK_FILE = 'mohr.lock';

/**
 * Takes a data directory, which is made if need be, for this process; two processes on one embedded database would destroy
 * it. A lock whose process is gone is taken over. Returns the release. Sees the processes of this machine, or container,
 * only. Throws DbError `data-directory-in-use` or `data-directory-unusable`.
 */
export async function lockDataDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LOCK_FILE);
  // Written first and then linked: a lock is there with its content or not at all.
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeDraft(directory, draft);
  try {
    while (!(await linked(draft, path))) {
      const holder = await contentOf(path);
      if (holder === undefined) continue;
      if (isProcessAlive(holder)) throw inUse(directory, holder);
      await takeAway(path, holder, `${draft}.stale`);
    }
    return () => rm(path, { force: true });
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(directory: string, draft: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(draft, processStamp(process.pid), { mode: 0o600 });
  } catch (cause) {
    throw new DbError('data-directory-unusable', `cannot write to ${directory}: ${errorCode(cause)}`, {
      cause,
    });
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    throw new DbError('data-directory-unusable', `cannot lock ${path}: ${errorCode(cause)}`, { cause });
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Renamed, not removed: of two that have seen the same stale lock, the slower one must not remove the lock of the faster. */
async function takeAway(path: string, stale: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await contentOf(aside)) !== stale) await linked(aside, path);
  await rm(aside, { force: true });
}

function inUse(directory: string, holder: string): DbError {
  return new DbError('data-directory-in-use', `${directory} is in use by process ${holder.split(' ', 1)[0]}`);
}
