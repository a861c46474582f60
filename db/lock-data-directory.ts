import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { errorCode } from '../core/errors.ts';
import { DbError } from './db-error.ts';
import { isProcessAlive, processStamp } from './process-stamp.ts';

const LOCK_FILE = 'mohr.lock';

/** A stale lock is taken away in a few file operations; whoever is not through after this time is not running. */
const ATTEMPTS_MAX = 200;
const ATTEMPT_MILLISECONDS = 10;

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
    for (let attempt = 1; !(await linked(draft, path)); attempt += 1) {
      const holder = (await contentOf(path)) ?? '';
      if (isProcessAlive(holder) || attempt === ATTEMPTS_MAX) throw inUse(directory, holder);
      if (!(await takeAway(path, holder, draft))) await delay(ATTEMPT_MILLISECONDS);
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

/**
 * Removes a stale lock, under a lock of its own: of two that have seen the same one, the slower must not remove what the
 * faster has put in its place. False when somebody else is at it.
 */
async function takeAway(path: string, stale: string, draft: string): Promise<boolean> {
  const guard = `${path}.takeover`;
  if (!(await linked(draft, guard))) {
    const holder = await contentOf(guard);
    // It died between two of the lines below.
    if (holder !== undefined && !isProcessAlive(holder)) await rm(guard, { force: true });
    return false;
  }
  try {
    if ((await contentOf(path)) === stale) await rm(path);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function inUse(directory: string, holder: string): DbError {
  return new DbError('data-directory-in-use', `${directory} is in use by process ${holder.split(' ', 1)[0]}`);
}
