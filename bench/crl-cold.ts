import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { PACKAGE_ROOT } from '../cli/package-root.ts';
import { migrate } from '../db/migrate.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import type { ColdAnswer, ColdOrder } from './crl-cold-protocol.ts';
import { fillCrlHistory } from './fill-crl-history.ts';

/** As a deployment has it: what is acknowledged is on the disk. */
const DURABLE = ['fsync=on', 'synchronous_commit=on', 'shared_buffers=512MB', 'max_wal_size=4GB'];

/**
 * The same CRL from PostgreSQL: a cluster of its own is filled, then fresh processes issue it, one after the other; the first
 * warms PostgreSQL and is left out. Undefined where no PostgreSQL is installed.
 */
export async function measureColdCrls(
  order: Omit<ColdOrder, 'databaseUrl'>,
  runs: number,
): Promise<ColdAnswer[] | undefined> {
  const cluster = await startPostgresCluster(DURABLE).catch(() => undefined);
  if (!cluster) return undefined;
  try {
    const { pool, close } = await openPostgres(cluster.url);
    await migrate(pool, join(PACKAGE_ROOT, 'migrations'));
    await fillCrlHistory(pool, order.entries);
    const answers: ColdAnswer[] = [];
    for (let run = 0; run <= runs; run += 1) {
      // As if none had been published: each process finds the same.
      await pool.query(`begin; set local session_replication_role = replica;
        delete from crl_part; delete from crl_chunk; delete from crl; commit`);
      await pool.query('vacuum crl_chunk');
      await pool.query('checkpoint');
      answers.push(await inFreshProcess({ ...order, databaseUrl: cluster.url }));
    }
    await close();
    return answers.slice(1);
  } finally {
    await cluster.stop();
  }
}

async function inFreshProcess(order: ColdOrder): Promise<ColdAnswer> {
  const file = `crl-cold-process${extname(fileURLToPath(import.meta.url))}`;
  const child = fork(new URL(file, import.meta.url), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process that issues ended with ${String(code)}`);
  });
  child.send(order);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [ColdAnswer];
  ended.catch(() => undefined);
  return answer;
}
