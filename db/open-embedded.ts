import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import type { Pool } from 'pg';

import { lockDataDirectory } from './lock-data-directory.ts';

/** Called with what a notification says; without it when one may have been missed. */
export type Heard = (payload?: string) => void;

export interface OpenedPool {
  pool: Pool;
  /** Calls back whenever somebody notifies a channel; may miss one, so followers also poll. */
  listen(channel: string, heard: Heard): Promise<void>;
  close(): Promise<void>;
  /** A server that others may copy; the embedded database has no replicas. */
  mayHaveReplicas?: true;
}

/**
 * Opens the embedded PostgreSQL (PGlite) in `<directory>/database`, and keeps other processes out. One connection; survives
 * kill -9, not a power cut: it does not call fsync. Throws DbError as `lockDataDirectory` does.
 */
export async function openEmbedded(directory: string): Promise<OpenedPool> {
  const release = await lockDataDirectory(directory);
  try {
    return await openPool(await openDatabase(join(directory, 'database')), release);
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * A database that is not there yet is made beside its place and then put there: one that a crash left half made would never
 * open again.
 */
async function openDatabase(path: string): Promise<PGlite> {
  if (!existsSync(path)) {
    const draft = `${path}.incomplete`;
    await rm(draft, { recursive: true, force: true });
    await (await PGlite.create(draft)).close();
    await rename(draft, path);
  }
  return PGlite.create(path);
}

/** The same over a PGlite that is there already, e.g. in memory. */
export async function openPool(pglite: PGlite, release: () => Promise<void>): Promise<OpenedPool> {
  const pool = new pg.Pool({
    ...createPgConfig(pglite),
    max: 1,
    // The one connection stays: to end it and make another is what the embedded database does worst.
    idleTimeoutMillis: 0,
    options: '-c timezone=UTC',
  });
  pool.on('error', () => undefined);
  return {
    pool,
    listen: async (channel, heard) => {
      // A notification comes while the transaction that caused it is committing: the listener must not take itself for
      // a part of it.
      const outside = AsyncLocalStorage.snapshot();
      await pglite.listen(channel, (payload) => outside(() => heard(payload)));
    },
    close: async () => {
      await pool.end();
      await pglite.close();
      await release();
    },
  };
}
