import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { pino } from 'pino';
import type { Test } from 'tap';

import { openHouse } from '../../cli/house.ts';
import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { openStores } from '../../cli/stores.ts';
import type { Stores } from '../../cli/stores.ts';
import { systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openEmbedded } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import type { Officer, Role } from '../../ra/officer.ts';
import { MIGRATIONS } from './both-databases.ts';
import type { CommandOrder, CommandOutcome } from './command-server.ts';
import { forkProgram } from './compiled-program.ts';
import { createTestDatabase } from './postgres.ts';
import { copyPreparedKeys, placeEmbedded, postgresTemplate } from './prepared-starts.ts';
import { MOHR } from './start-mohr.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A deployment whose service is stopped: authorities, officers, and nobody at work. */
export interface Deployment {
  folder: string;
  officer(role: Role): Officer;
  /** Opens the database for a look, and closes it again. */
  withStores<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
  /** Starts a command of the command line as a process of its own. */
  start(args: readonly string[]): ChildProcess;
  /** Runs one to its end, in a process that all of these share. */
  run(args: readonly string[]): Promise<Outcome>;
}

/** Makes one, on PostgreSQL or on the embedded database. */
export async function makeDeployment(t: Test, kind: 'postgres' | 'embedded'): Promise<Deployment> {
  const folder = temporaryFolder(t);
  const databaseUrl =
    kind === 'postgres' ? (await createTestDatabase(t, postgresTemplate('first-start'))).url : undefined;
  copyPreparedKeys(kind, folder);
  if (kind === 'embedded') await placeEmbedded('first-start', folder);
  const open = () => (databaseUrl ? openPostgres(databaseUrl) : openEmbedded(folder));
  const opened = await open();
  await migrate(opened.pool, MIGRATIONS);
  const house = await openHouse({
    opened,
    crlLock: onlyProcess,
    publicUrl: 'http://mohr.test',
    dataDirectory: folder,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  });
  const { database, officers } = house.stores;
  const staff = await database.transaction((tx) => officers.listOfficers(tx));
  await house.close();
  await opened.close();
  const settings = ['--data-dir', folder, '--public-url', 'http://mohr.test'];
  if (databaseUrl) settings.push('--database-url', databaseUrl);
  const start = (args: readonly string[]) =>
    spawn(process.execPath, [...MOHR, ...args, ...settings], {
      cwd: PACKAGE_ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    officer: (role) => staff.find(({ roles }) => roles.includes(role))!,
    withStores: async (work) => {
      const pool = await open();
      try {
        return await work(openStores(pool));
      } finally {
        await pool.close();
      }
    },
    start,
    run: commandRunner(t, settings),
  };
}

function commandRunner(t: Test, settings: readonly string[]): Deployment['run'] {
  let server: ChildProcess | undefined;
  t.teardown(() => server?.disconnect());
  return async (args) => {
    if (!server) {
      server = forkProgram('test/support/command-server.ts');
      await once(server, 'message');
    }
    const answered = once(server, 'message') as Promise<[CommandOutcome]>;
    server.send({ args: [...args, ...settings] } satisfies CommandOrder);
    return (await answered)[0];
  };
}

/** Resolves when the process has ended and its output is read. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
}
