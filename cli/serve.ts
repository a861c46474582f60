import { join } from 'node:path';

import { pino } from 'pino';

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
import { DEMONSTRATION_OFFICE } from './demonstration-office.ts';
import type { BannerFacts } from './banner.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { listen } from './listen.ts';
import { makeLogger } from './logger.ts';
import { PACKAGE_ROOT, VERSION } from './package-root.ts';
import { readTls } from './read-tls.ts';
import { openMessengers } from './messages/open-messengers.ts';
import { openRegisters } from './registers/open-registers.ts';
import { faultsOfNode } from './roles.ts';
import { serveNode } from './serve-node.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { serveTsaNode } from './tsa/serve-tsa-node.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { openWebPushSender } from '../messages/web-push-sender.ts';
import { tsaClockOf } from './tsa/tsa-settings.ts';
import { closeAll, untilStopped } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';

/** `mohr serve`: runs until it is told to stop. Resolves to the exit code when it cannot start, else when it has stopped. */
export async function serve(args: string[]): Promise<number> {
  const outcome = readSettings(args, process.env);
  const faults = outcome.faults ?? faultsOfNode(outcome.settings);
  if (outcome.faults || faults.length > 0) {
    process.stderr.write(`mohr serve: wrong settings\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
    return 2;
  }
  const { settings } = outcome;
  if (settings.roles?.has('tsa')) return serveTsaNode(settings);
  if (settings.roles) return serveNode(settings);
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  const stopping = new AbortController();
  const traces = startTracing(settings, { clock: systemClock, logger });
  closers.unshift(async () => traces?.close());
  try {
    const opened = await openDatabase(settings);
    closers.unshift(() => opened.close());
    await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
    const crlLock = settings.databaseUrl ? new PgLeaderLock(settings.databaseUrl, 'crl') : onlyProcess;
    const registers = await openRegisters(settings, systemClock);
    closers.unshift(() => registers.close());
    const { messengers, ...messages } = await openMessengers(settings);
    closers.unshift(async () => messages.close());
    const push = openPush(settings);
    closers.unshift(async () => push?.close());
    const house = await openHouse({
      ...settings,
      tsaClock: tsaClockOf(settings),
      opened,
      crlLock,
      registers,
      messengers,
      ...(push && { push }),
      clock: systemClock,
      logger,
    });
    closers.unshift(() => house.close());
    const { signal } = stopping;
    const how = { logger, version: VERSION, stopping: signal, ...(traces && { tracer: traces.tracer }) };
    const app = await buildApp(house.services, how);
    closers.unshift(() => app.close());
    await listen(app, settings);
    if (settings.tls) {
      const tls = await readTls(settings.tls, house.hierarchy);
      const overTls = await buildApp(house.services, { ...how, tls });
      closers.unshift(() => overTls.close());
      await listen(overTls, { host: settings.host, port: settings.tls.port });
    }
    const stopped = untilStopped(closers, { ...settings, logger, stopping });
    process.stdout.write(
      await greet(settings, house, { registers: registers.description, messages: messages.description }),
    );
    await stopped;
    return 0;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Undefined: nobody is woken. */
function openPush({ pushHosts, pushContact }: Settings) {
  if (pushHosts.length === 0) return undefined;
  const sender = openWebPushSender();
  const access = { sender, hosts: pushHosts, ...(pushContact !== undefined && { contact: pushContact }) };
  return { ...access, close: () => sender.close() };
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

/** The demonstration officers get fresh links at each start: an evaluation that was left overnight is not locked out. */
async function greet(
  settings: Settings,
  { services, stores, hierarchy }: House,
  channels: Pick<BannerFacts, 'registers' | 'messages'>,
): Promise<string> {
  const offices = (await stores.offices.list()).filter(({ name }) => name === DEMONSTRATION_OFFICE);
  const all = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const officers = all.filter(({ officeId }) => offices.some(({ id }) => id === officeId));
  const actor = { kind: 'operator', id: 'mohr-serve' } as const;
  const loginLinks: BannerFacts['loginLinks'][number][] = [];
  for (const officer of officers) {
    const secret = await createLoginLink(services.signIn, officer.id, actor);
    loginLinks.push({
      name: officer.name,
      role: officer.roles.join(', '),
      link: `${settings.consoleUrl}/sign-in#${secret}`,
    });
  }
  const authorityIds = hierarchy.records.map(({ id }) => id);
  // What a ceremony imported has the names that its import said; the evaluation hierarchy has the shipped ones.
  const isEvaluation = [...hierarchy.issuing.values()].some(({ names }) => names === undefined);
  return banner({ settings, authorityIds, ...channels, isEvaluation, loginLinks });
}
