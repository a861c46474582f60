import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiServices } from '../api/api-services.ts';
import { Dashboard } from '../ra/dashboard/dashboard.ts';
import { CARD_SETTINGS } from './cards/card-settings.ts';
import { consoleFolder } from './console-folder.ts';
import { prepareFirstStart } from './first-start.ts';
import { openCertification } from './house/certification.ts';
import { layGround } from './house/ground.ts';
import type { Ground } from './house/ground.ts';
import type { HouseOptions } from './house/house-options.ts';
import { startRecurringWork } from './house/recurring-work.ts';
import { openRegistration } from './house/registration.ts';
import type { Registration } from './house/registration.ts';
import { openStatuses } from './house/statuses.ts';
import type { Statuses } from './house/statuses.ts';
import { openTrustServices } from './house/trust-services.ts';
import type { Hierarchy } from './open-authorities.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { publishedAuthorities } from './published-authorities.ts';
import { startRollover } from './responder-rollover.ts';
import type { Stores } from './stores.ts';
import { pruneKeptVerdicts } from './prune-kept-verdicts.ts';
import { closeAll } from './until-stopped.ts';
import type { Closers } from './until-stopped.ts';

export interface House {
  services: ApiServices;
  stores: Stores;
  hierarchy: Hierarchy;
  /** Stops what runs; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

/** Wires the whole service over one database: makes what a first start needs, completes what a crash left, starts what runs. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const closers: Closers = [];
  try {
    return await furnish(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function furnish(options: HouseOptions, closers: Closers): Promise<House> {
  const ground = await layGround(options, closers);
  const { base, keys, stores } = ground;
  await prepareFirstStart(base, keys, options.dataDirectory);
  const certification = await openCertification(ground);
  const statuses = await openStatuses(ground, certification);
  const registration = await openRegistration(ground, certification, statuses);
  startRecurringWork(ground, certification, registration);
  const { responders, issuingIds, hierarchy } = certification;
  const rollover = startRollover(responders, issuingIds, statuses.ocsp, options.logger);
  closers.unshift(() => rollover.stop());
  const keptVerdicts = pruneKeptVerdicts(stores, options);
  closers.unshift(() => keptVerdicts.stop());
  const services: ApiServices = {
    ...base,
    ...registrationServices(ground, registration),
    ...statusServices(ground, statuses),
    ...(await openTrustServices(ground, certification, statuses)),
    authorities: publishedAuthorities(hierarchy, base.profiles),
    practiceStatement: await readFile(join(PACKAGE_ROOT, 'docs', 'PRACTICE-STATEMENT.md'), 'utf8'),
    metrics: ground.metrics.endpoint,
    publicUrl: options.publicUrl,
    consoleUrl: ground.consoleUrl,
    consoleFolder: consoleFolder(),
  };
  options.logger.info({ authorities: hierarchy.records.map(({ id }) => id) }, 'house opened');
  return { services, stores, hierarchy, close: () => closeAll(closers) };
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
