import { join } from 'node:path';

import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import type { Logger } from 'pino';

import { buildApp } from '../api/app.ts';
import { systemClock } from '../core/clock.ts';
import { lockDataDirectory } from '../db/lock-data-directory.ts';
import { migrate } from '../db/migrate.ts';
import { openEmbedded } from '../db/open-embedded.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgLeaderLock, onlyProcess } from '../db/pg-leader-lock.ts';
import { createLoginLink } from '../ra/sign-in.ts';
import { banner } from './banner.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { listen } from './listen.ts';
import { makeLogger } from './logger.ts';
import { PACKAGE_ROOT, VERSION } from './package-root.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

const SHUTDOWN_MILLISECONDS_MAX = 10_000;

/** `mohr serve`: runs until it is told to stop. Resolves to the exit code when it cannot start, else when it has stopped. */
export async function serve(args: string[]): Promise<number> {
  const outcome = readSettings(args, process.env);
  if (outcome.faults) {
    process.stderr.write(
      `mohr serve: wrong settings\n${outcome.faults.map((fault) => `  ${fault}\n`).join('')}`,
    );
    return 2;
  }
  const { settings } = outcome;
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const opened = await openDatabase(settings);
    closers.unshift(() => opened.close());
    await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
    const crlLock = settings.databaseUrl ? new PgLeaderLock(settings.databaseUrl, 'crl') : onlyProcess;
    const house = await openHouse({ ...settings, opened, crlLock, clock: systemClock, logger });
    closers.unshift(() => house.close());
    const app = await buildApp(house.services, { logger, version: VERSION });
    closers.unshift(() => app.close());
    await listen(app, settings);
    const stopped = untilStopped(closers, logger);
    process.stdout.write(await greet(settings, house));
    await stopped;
    return 0;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Resolves when a signal or an error that nobody expected has stopped everything. */
function untilStopped(closers: readonly (() => Promise<unknown>)[], logger: Logger): Promise<void> {
  return new Promise<void>((stopped) => {
    closeWithGrace({ delay: SHUTDOWN_MILLISECONDS_MAX, logger: false }, async ({ err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error');
      await closeAll(closers).catch((failure: unknown) => {
        logger.error({ err: failure }, 'stopping failed');
        throw failure;
      });
      stopped();
    });
  });
}

/** Takes the data directory in either case: the keys are in it. */
async function openDatabase({ databaseUrl, dataDirectory }: Settings): Promise<OpenedPool> {
  if (databaseUrl === undefined) return openEmbedded(dataDirectory);
  const release = await lockDataDirectory(dataDirectory);
  try {
    const opened = await openPostgres(databaseUrl);
    const close = () => opened.close().finally(release);
    return { ...opened, close };
  } catch (error) {
    await release();
    throw error;
  }
}

async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers) await close();
}

/** The demonstration officers get fresh links at each start: an evaluation that was left overnight is not locked out. */
async function greet(settings: Settings, { services, stores, hierarchy }: House): Promise<string> {
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const actor = { kind: 'operator', id: 'mohr-serve' } as const;
  const loginLinks: { name: string; link: string }[] = [];
  for (const officer of officers) {
    const secret = await createLoginLink(services.signIn, officer.id, actor);
    loginLinks.push({ name: officer.name, link: `${settings.publicUrl}/sign-in#${secret}` });
  }
  const authorityIds = hierarchy.records.map(({ id }) => id);
  return banner({ settings, authorityIds, isEvaluation: true, loginLinks });
}
