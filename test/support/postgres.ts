import { randomBytes } from 'node:crypto';

import pg from 'pg';

import { startPostgresCluster, type PostgresCluster } from './postgres-cluster.ts';

/** A database of its own for one test file; the URL carries the superuser of the temporary cluster. */
export type TestDatabase = { name: string; url: string };

type Teardown = { teardown: (handler: () => Promise<void>) => void };

let ownCluster: Promise<PostgresCluster> | undefined;
let databasesInUse = 0;

/**
 * Creates an empty database, or a copy of the database named `template`, and drops it when `t` ends.
 * Uses the cluster of the whole run (`MOHR_TEST_DATABASE_URL`), or starts one for a file run by itself.
 */
export async function createTestDatabase(t: Teardown, template = 'template1'): Promise<TestDatabase> {
  databasesInUse += 1;
  const cluster = await clusterUrl();
  const name = `mohr_${randomBytes(8).toString('hex')}`;
  await execute(cluster, `CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`);
  t.teardown(async () => {
    await execute(cluster, `DROP DATABASE ${name} WITH (FORCE)`);
    databasesInUse -= 1;
    if (databasesInUse === 0) await stopOwnCluster();
  });
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { name, url: url.href };
}

async function clusterUrl(): Promise<string> {
  const given = process.env['MOHR_TEST_DATABASE_URL'];
  if (given) return given;
  ownCluster ??= startPostgresCluster();
  return (await ownCluster).url;
}

async function stopOwnCluster(): Promise<void> {
  const cluster = await ownCluster;
  ownCluster = undefined;
  await cluster?.stop();
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
