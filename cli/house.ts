import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiServices } from '../api/api-services.ts';
import { Dashboard } from '../ra/dashboard/dashboard.ts';
import { CARD_SETTINGS } from './cards/card-settings.ts';
import { consoleFolder } from './console-folder.ts';
import { assertAuthorities } from './assert-authorities.ts';
import { recordedAttestation } from './enrolment/recorded-attestation.ts';
import { openOfficeAtFirstStart, prepareFirstStart } from './first-start.ts';
import { openCertification } from './house/certification.ts';
import type { Certification } from './house/certification.ts';
import { openDistantCertification } from './house/distant-certification.ts';
import { layGround } from './house/ground.ts';
import type { Ground } from './house/ground.ts';
import type { HouseOptions } from './house/house-options.ts';
import { openDistantLog, openOwnLog } from './house/log-of-house.ts';
import { finishInterrupted, startRecurringWork } from './house/recurring-work.ts';
import { openRegistration } from './house/registration.ts';
import type { Registration } from './house/registration.ts';
import { followStatuses, openStatuses } from './house/statuses.ts';
import type { Statuses } from './house/statuses.ts';
import { openTrustServices } from './house/trust-services.ts';
import type { OpenLog } from './house/trust-services.ts';
import type { Hierarchy } from './open-authorities.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { publishedAuthorities } from './published-authorities.ts';
import type { Stores } from './stores.ts';
import type { LogPublisher } from './transparency/open-log.ts';
import { pruneKeptVerdicts } from './prune-kept-verdicts.ts';
import { closeAll } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';
import { waitFor } from './wait-for.ts';

export interface House {
  services: ApiServices;
  stores: Stores;
  hierarchy: Hierarchy;
  log: LogPublisher;
  /** Stops what runs; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

/** Wires the whole service over one database: makes what a first start needs, completes what a crash left, starts what runs. */
export function openHouse(options: HouseOptions): Promise<House> {
  return open(options, async (ground) => {
    const { base, keys, stores, vault } = ground;
    await prepareFirstStart(base, keys, options.dataDirectory);
    const certification = await openCertification(ground, recordedAttestation(stores, vault));
    const statuses = await openStatuses(ground, certification);
    const registration = openRegistration(ground, certification, statuses);
    await finishInterrupted(ground, registration);
    return furnish(ground, certification, statuses, registration, (stamp) => openOwnLog(ground, stamp));
  });
}

/**
 * The same without the CAs: their keys are in another process, which this one asks. It waits for a ceremony, and issues none of
 * what a crash left before it opens: the CA may be away.
 */
export function openRegistrationHouse(options: HouseOptions): Promise<House> {
  return open(options, async (ground) => {
    await waitFor(options.logger, () => assertAuthorities(ground.stores));
    await openOfficeAtFirstStart(ground.base);
    const certification = await openDistantCertification(ground);
    const statuses = await followStatuses(ground);
    const registration = openRegistration(ground, certification, statuses);
    const finishing = finishInterrupted(ground, registration);
    ground.closers.unshift(() => finishing);
    return furnish(ground, certification, statuses, registration, async () => openDistantLog(ground));
  });
}

async function open(options: HouseOptions, build: (ground: Ground) => Promise<House>): Promise<House> {
  const closers: Closers = [];
  try {
    return await build(await layGround(options, closers));
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function furnish(
  ground: Ground,
  certification: Certification,
  statuses: Statuses,
  registration: Registration,
  openLog: OpenLog,
): Promise<House> {
  const { options, base, stores, closers } = ground;
  const { hierarchy } = certification;
  startRecurringWork(ground, certification, registration);
  const keptVerdicts = pruneKeptVerdicts(stores, options);
  closers.unshift(() => keptVerdicts.stop());
  const { log, services: trustServices } = await openTrustServices(ground, certification, statuses, openLog);
  const services: ApiServices = {
    ...base,
    ...registrationServices(ground, registration),
    ...statusServices(ground, statuses),
    ...trustServices,
    authorities: publishedAuthorities(hierarchy, base.profiles),
    practiceStatement: await readFile(join(PACKAGE_ROOT, 'docs', 'PRACTICE-STATEMENT.md'), 'utf8'),
    metrics: ground.metrics.endpoint,
    publicUrl: options.publicUrl,
    consoleUrl: ground.consoleUrl,
    consoleFolder: consoleFolder(),
  };
  options.logger.info({ authorities: hierarchy.records.map(({ id }) => id) }, 'house opened');
  return { services, stores, hierarchy, log, close: () => closeAll(closers) };
}

function registrationServices({ options, base, stores }: Ground, rooms: Registration) {
  const { ca, registration, licence, offices, papers, personalisation, renewal, selfService, statusChanges } =
    rooms;
  return {
    registration,
    licence,
    offices,
    papers,
    personalisation,
    renewal,
    selfService,
    statusChanges,
    signIn: base,
    statusChanger: ca,
    contacts: registration,
    cardAgentUrl: options.cardAgentUrl ?? CARD_SETTINGS.cardAgentUrl.fallback,
    dashboard: new Dashboard({ dashboard: stores.figures, clock: base.clock }),
  };
}

function statusServices({ stores }: Ground, { ocsp, crls }: Statuses) {
  return {
    ocspResponder: ocsp.responder,
    publishedCrls: crls.cache,
    ocspFreshness: () => ({
      confirmedAgeSeconds: ocsp.visibility.confirmedAgeSeconds,
      isAlarming: ocsp.visibility.isAlarming,
    }),
    readiness: {
      database: async () => void (await stores.database.query({ text: 'select 1' })),
      ocsp: () => ocsp.follower.catchUp(),
    },
  };
}
