import { createPrivateKey } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { pino } from 'pino';

import { openHouse } from '../../cli/house.ts';
import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import { TEST_ORIGIN } from './approve.ts';

/** How far a database is before a test opens it: its schema, or also the authorities, keys and office of a first start. */
export type Start = 'migrated' | 'first-start';

export const MIGRATIONS = join(PACKAGE_ROOT, 'migrations');
export const TEST_PUBLIC_URL = 'http://mohr.test';

/** Set for a run of many files, which would all make the same start again; absent, each test makes its own. */
const FOLDER_VARIABLE = 'MOHR_TEST_PREPARED_STARTS';

/** Makes each start once, on both databases, and returns the variable that tells the tests of it. */
export async function prepareStarts(folder: string, clusterUrl: string): Promise<Record<string, string>> {
  const embedded = await PGlite.create();
  // Of three copies of the catalogue in each of its copies, one is used.
  for (const name of ['template0', 'template1']) {
    await embedded.exec(`update pg_database set datistemplate = false where datname = '${name}'`);
    await embedded.exec(`drop database ${name}`);
  }
  const dump = async (start: Start) => {
    // Or every copy would replay what was written since the last one.
    await embedded.exec('checkpoint');
    const tar = await embedded.dumpDataDir('none');
    writeFileSync(join(folder, `${start}.tar`), Buffer.from(await tar.arrayBuffer()));
  };
  const opened = await openPool(embedded, async () => undefined);
  await migrate(opened.pool, MIGRATIONS);
  await dump('migrated');
  await firstStart(opened, await dataDirectoryOf(folder, 'embedded'));
  await dump('first-start');
  await opened.close();

  await execute(clusterUrl, `create database ${templateOf('migrated')}`);
  await onDatabase(clusterUrl, templateOf('migrated'), ({ pool }) => migrate(pool, MIGRATIONS));
  await execute(
    clusterUrl,
    `create database ${templateOf('first-start')} template ${templateOf('migrated')}`,
  );
  const dataDirectory = await dataDirectoryOf(folder, 'postgres');
  await onDatabase(clusterUrl, templateOf('first-start'), (start) => firstStart(start, dataDirectory));
  return { [FOLDER_VARIABLE]: folder };
}

/** An embedded database in memory that is as far as `start`; `migrated` when nothing was prepared. */
export async function embeddedAt(start: Start): Promise<PGlite> {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) return PGlite.create();
  return PGlite.create({ loadDataDir: new Blob([readFileSync(join(folder, `${start}.tar`))]) });
}

/** Puts a prepared embedded database into a new data directory; does nothing when nothing was prepared. */
export async function placeEmbedded(start: Start, dataDirectory: string): Promise<void> {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) return;
  const loadDataDir = new Blob([readFileSync(join(folder, `${start}.tar`))]);
  await (await PGlite.create(join(dataDirectory, 'database'), { loadDataDir })).close();
}

/** The database to copy for one that is as far as `start`; undefined when nothing was prepared. */
export function postgresTemplate(start: Start): string | undefined {
  return process.env[FOLDER_VARIABLE] === undefined ? undefined : templateOf(start);
}

/** Puts the keys of the prepared first start into a new data directory; does nothing when nothing was prepared. */
export function copyPreparedKeys(kind: 'embedded' | 'postgres', dataDirectory: string): void {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder !== undefined) cpSync(join(folder, kind), dataDirectory, { recursive: true });
}

function templateOf(start: Start): string {
  return `mohr_${start.replace('-', '_')}`;
}

async function dataDirectoryOf(folder: string, kind: 'embedded' | 'postgres'): Promise<string> {
  const dataDirectory = join(folder, kind);
  await mkdir(dataDirectory);
  return dataDirectory;
}

async function firstStart(opened: OpenedPool, dataDirectory: string): Promise<void> {
  const house = await openHouse({
    opened,
    dataDirectory,
    crlLock: onlyProcess,
    publicUrl: TEST_PUBLIC_URL,
    consoleUrl: TEST_ORIGIN,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  });
  await house.log.publish();
  await house.close();
  quickenKeys(join(dataDirectory, 'keys'));
}

/** Under PBKDF2 with few iterations: what a test costs should not be the passphrases of keys that live for a run. */
function quickenKeys(folder: string): void {
  const passphrase = readFileSync(join(folder, 'passphrase'), 'utf8').trim();
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.key'))) {
    const path = join(folder, name);
    const key = createPrivateKey({ key: readFileSync(path), passphrase });
    const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
    writeFileSync(path, encrypted);
  }
}

async function onDatabase(
  clusterUrl: string,
  name: string,
  work: (opened: OpenedPool) => Promise<unknown>,
): Promise<void> {
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  const opened = await openPostgres(url.href);
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
