import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from 'pino';

import type { ApiServices, PublishedAuthority } from '../api/api-services.ts';
import { CertificateIssuer } from '../ca/issue/certificate-issuer.ts';
import { ensureResponders } from '../ca/issue/ensure-responder.ts';
import type { LeaderLock } from '../ca/crl/leader-lock.ts';
import { Pulse } from '../ca/crl/pulse.ts';
import { offersProfile } from '../ca/authority/offered-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { nameText } from '../pki/name.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateCms } from '../validation/validate-cms.ts';
import { caForRa } from './ca-for-ra.ts';
import { checkKeyWith } from './check-key.ts';
import { runDevelopmentCeremony } from './development-ceremony.ts';
import { openDemonstrationOffice } from './demonstration-office.ts';
import { evaluationNames } from './deployment-names.ts';
import { loadDeploymentProfiles } from './deployment-profiles.ts';
import { InterruptedIssuance } from './interrupted-issuance.ts';
import { KeyStore } from './key-store.ts';
import type { KeyStoreOptions } from './key-store.ts';
import { openHierarchy } from './open-authorities.ts';
import type { Hierarchy } from './open-authorities.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { startCrls } from './start-crls.ts';
import { startOcsp } from './start-ocsp.ts';
import type { OcspOptions, RunningOcsp } from './start-ocsp.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

export interface HouseOptions extends KeyStoreOptions, OcspOptions {
  opened: OpenedPool;
  crlLock: LeaderLock;
  publicUrl: string;
  dataDirectory: string;
}

export interface House {
  services: ApiServices;
  stores: Stores;
  hierarchy: Hierarchy;
  /** Stops what runs; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

const SERVICE = { kind: 'service', id: 'mohr-serve' } as const;
/** What a key or a database that was away has held up is tried again this often. */
const COMPLETION_MILLISECONDS = 2_000;
/** What nobody is at work on any more, e.g. another process that died: looked for this often, and older than any request gets. */
const ABANDONED_MILLISECONDS = 60_000;
const ABANDONED_AFTER_MILLISECONDS = 120_000;
/** Responder certificates are looked at four times a day. */
const ROLLOVER_MILLISECONDS = 6 * 3600 * 1000;

/** Wires the whole service over one database: makes what a first start needs, completes what a crash left, starts what runs. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const keys = await KeyStore.open(join(options.dataDirectory, 'keys'), options);
  try {
    return await furnish(options, keys);
  } catch (error) {
    await keys.close();
    throw error;
  }
}

async function furnish(options: HouseOptions, keys: KeyStore): Promise<House> {
  const { clock, logger, publicUrl, dataDirectory } = options;
  const stores = openStores(options.opened);
  const names = evaluationNames(publicUrl);
  const profiles = await loadDeploymentProfiles(dataDirectory);
  const base = { ...stores, transactions: stores.database, profiles, names, clock };
  await prepareFirstStart(base, keys, dataDirectory);
  const hierarchy = await openHierarchy(stores, (reference) => keys.openSigner(reference));
  const issuer = new CertificateIssuer({
    ...base,
    authorities: hierarchy.issuing,
    checkKey: checkKeyWith(stores.blockedKeys),
  });
  const createKey = async (name: string) => {
    const reference = await keys.create(name, 'p-256');
    return { reference, signer: await keys.openSigner(reference) };
  };
  const interrupted = new InterruptedIssuance(logger);
  await interrupted.resumeAll(issuer, SERVICE);
  const responders = { ...base, issuer, createKey };
  const issuingIds = [...hierarchy.issuing.keys()];
  await ensureResponders(responders, issuingIds, SERVICE);
  const ocsp = await startOcsp(options, stores, hierarchy, keys);
  const crls = await startCrls(options, stores, hierarchy);
  await options.opened.listen('status_change', () => {
    ocsp.follower.wake();
    crls.wake();
  });
  const ca = caForRa({
    ...base,
    issuer,
    authorities: hierarchy.issuing,
    status: { ...base },
    whenVisible: () => ocsp.follower.catchUp(),
    onInterrupted: (origin, error) => interrupted.note(origin, error),
  });
  const registration = { ...base, issuer: ca };
  await interrupted.issueAll(registration, SERVICE);
  const completion = startPulse(COMPLETION_MILLISECONDS, () =>
    interrupted.complete(issuer, registration, SERVICE),
  );
  const abandoned = startPulse(ABANDONED_MILLISECONDS, async () => {
    const before = new Date(clock.now().getTime() - ABANDONED_AFTER_MILLISECONDS);
    await interrupted.resumeAll(issuer, SERVICE, before);
    await interrupted.issueAll(registration, SERVICE, before);
  });
  const rollover = startRollover(responders, issuingIds, ocsp, logger);
  const services: ApiServices = {
    ...base,
    registration,
    signIn: base,
    statusChanger: ca,
    authorities: publish(hierarchy, profiles),
    publicUrl,
    practiceStatement: await readFile(join(PACKAGE_ROOT, 'docs', 'PRACTICE-STATEMENT.md'), 'utf8'),
    ocspResponder: ocsp.responder,
    publishedCrls: crls.cache,
    validate: validator(options, stores, hierarchy, names.oidArc),
    readiness: {
      database: async () => void (await stores.database.query({ text: 'select 1' })),
      ocsp: () => ocsp.follower.catchUp(),
    },
  };
  logger.info({ authorities: hierarchy.records.map(({ id }) => id) }, 'house opened');
  return {
    services,
    stores,
    hierarchy,
    close: async () => {
      await abandoned.stop();
      await completion.stop();
      await rollover.stop();
      await crls.close();
      await ocsp.close();
      await keys.close();
    },
  };
}

async function prepareFirstStart(
  base: Parameters<typeof runDevelopmentCeremony>[0] & Stores,
  online: KeyStore,
  dataDirectory: string,
): Promise<void> {
  const known = await base.transactions.transaction((tx) => base.authorities.listAuthorities(tx));
  if (known.length === 0) {
    const offlineRoot = await KeyStore.open(join(dataDirectory, 'offline-root'));
    await runDevelopmentCeremony(base, { offlineRoot, online });
  }
  const officers = await base.transactions.transaction((tx) => base.officers.listOfficers(tx));
  if (officers.length === 0) await openDemonstrationOffice(base);
}

/** Renews what runs out: OCSP responders get a new certificate a month ahead and change over between two answers. */
function startRollover(
  house: Parameters<typeof ensureResponders>[0],
  ids: readonly string[],
  ocsp: RunningOcsp,
  logger: Logger,
) {
  const rollOver = async () => {
    const issued = await ensureResponders(house, ids, SERVICE);
    if (issued.length > 0) await ocsp.reloadCredentials();
  };
  const work = () => rollOver().catch((err: unknown) => logger.error({ err }, 'responder rollover failed'));
  return startPulse(ROLLOVER_MILLISECONDS, work);
}

function startPulse(intervalMilliseconds: number, work: () => Promise<unknown>): Pulse {
  const pulse = new Pulse({ intervalMilliseconds, work });
  pulse.wake();
  return pulse;
}

function validator(
  { clock, logger }: HouseOptions,
  { statusHistory }: Stores,
  { records, certificates }: Hierarchy,
  oidArc: string,
): ApiServices['validate'] {
  const anchors = records
    .filter(({ issuerId }) => issuerId === undefined)
    .map(({ id }) => certificates.get(id)!);
  const intermediates = records
    .filter(({ issuerId }) => issuerId !== undefined)
    .map(({ id }) => certificates.get(id)!);
  const trust = new TrustStore({ anchors, intermediates });
  const policy = prescriptionPolicy(oidArc);
  const onStatusFault = (err: unknown) => logger.error({ err }, 'status history cannot be read');
  return (request) => validateCms({ ...request, trust, policy, statusHistory, clock, onStatusFault });
}

function publish({ records, certificates }: Hierarchy, profiles: Profiles): PublishedAuthority[] {
  return records.map((record) => {
    const { subject, notBefore, notAfter } = certificates.get(record.id)!;
    const isSucceeded = records.some(({ successorOf }) => successorOf === record.id);
    const offered = [...profiles.values()].filter(
      (profile) => !isSucceeded && offersProfile(record, profile),
    );
    return {
      id: record.id,
      ...(record.issuerId && { issuerId: record.issuerId }),
      assuranceLevel: record.assuranceLevel,
      certificate: record.certificate,
      subject: nameText(subject),
      notBefore,
      notAfter,
      profiles: offered
        .filter(({ purpose }) => purpose === 'signing' || purpose === 'authentication')
        .map(({ id }) => id),
    };
  });
}
