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
import { openHouse, openRegistrationHouse } from './house.ts';
import type { House } from './house.ts';
import { listen } from './listen.ts';
import { makeLogger } from './logger.ts';
import { PACKAGE_ROOT, VERSION } from './package-root.ts';
import { readTls } from './read-tls.ts';
import { openMessengers } from './messages/open-messengers.ts';
import { openRegisters } from './registers/open-registers.ts';
import { faultsOfNode } from './roles.ts';
import { openAsMember } from './open-as-member.ts';
import { readyLine } from './ready-line.ts';
import { serveCa } from './serve-ca.ts';
import { serveNode } from './serve-node.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { serveTsaNode } from './tsa/serve-tsa-node.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { openWebPushSender } from '../messages/web-push-sender.ts';
import { tsaClockOf } from './tsa/tsa-settings.ts';
import { recordStart } from './transparency/record-start.ts';
import { stopWhenRolledBack } from './transparency/stop-when-rolled-back.ts';
import { untilRestored } from './transparency/guarded-start.ts';
import { rootWarning } from './warn-of-root.ts';
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
  process.stderr.write(rootWarning(settings) ?? '');
  if (settings.roles?.has('tsa')) return serveTsaNode(settings);
  if (settings.roles?.has('ca')) return serveCa(settings);
  if (settings.roles && !settings.roles.has('ra')) return serveNode(settings);
  const isAll = settings.roles === undefined;
  const logger = makeLogger(settings.logLevel, pino.destination(2));
  const closers: Closers = [];
  const stopping = new AbortController();
  const traces = startTracing(settings, { clock: systemClock, logger });
  closers.unshift(async () => traces?.close());
  try {
    const opened = isAll
      ? await openOwnDatabase(settings, closers)
      : await openAsMember(settings, logger, closers);
    if (!(await untilRestored({ settings, opened, clock: systemClock, logger }))) {
      await closeAll(closers);
      return 0;
    }
    const rollback = stopWhenRolledBack(logger);
    const crlLock = settings.databaseUrl ? new PgLeaderLock(settings.databaseUrl, 'crl') : onlyProcess;
    const registers = await openRegisters(settings, systemClock);
    closers.unshift(() => registers.close());
    const { messengers, ...messages } = await openMessengers(settings);
    closers.unshift(async () => messages.close());
    const push = openPush(settings);
    closers.unshift(async () => push?.close());
    const house = await (isAll ? openHouse : openRegistrationHouse)({
      ...settings,
      tsaClock: tsaClockOf(settings),
      opened,
      crlLock,
      onRolledBack: rollback.onRolledBack,
      registers,
      messengers,
      ...(push && { push }),
      clock: systemClock,
      logger,
    });
    closers.unshift(() => house.close());
    await recordStart(house.services, settings);
    const web = {
      logger,
      version: VERSION,
      trustedProxies: settings.trustedProxies,
      stopping: stopping.signal,
      ...(traces && { tracer: traces.tracer }),
    };
    const app = await buildApp(house.services, web);
    closers.unshift(() => app.close());
    await listen(app, settings);
    const servers = [app.server];
    if (settings.tls) {
      const tls = await readTls(settings.tls, house.hierarchy);
      const overTls = await buildApp(house.services, { ...web, tls });
      closers.unshift(() => overTls.close());
      servers.push(overTls.server);
      await listen(overTls, { host: settings.host, port: settings.tls.port });
    }
    const stopped = untilStopped(closers, { ...settings, logger, stopping, servers });
    const channels = { registers: registers.description, messages: messages.description };
    process.stdout.write(isAll ? await greet(settings, house, channels) : readyLine(settings));
    await stopped;
    return rollback.exitCode();
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Undefined: nobody is woken. */
function openPush({ pushHosts, pushContact }: Settings) {
  if (pushHosts.length === 0) return undefined;
  // Somebody who names this machine means it.
  const isOwn = pushHosts.some((host) => /^localhost(:|$)/.test(host));
  const sender = openWebPushSender(isOwn ? { isAllowedAddress: () => true } : {});
  const access = { sender, hosts: pushHosts, ...(pushContact !== undefined && { contact: pushContact }) };
  return { ...access, close: () => sender.close() };
}

/** The deployment's database as its owner, brought to this version. Takes the data directory in either case: the keys are in it. */
async function openOwnDatabase(
  { databaseUrl, dataDirectory }: Settings,
  closers: Closers,
): Promise<OpenedPool> {
  if (databaseUrl !== undefined) closers.unshift(await lockDataDirectory(dataDirectory));
  const opened = await (databaseUrl === undefined ? openEmbedded(dataDirectory) : openPostgres(databaseUrl));
  closers.unshift(() => opened.close());
  await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
  return opened;
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
