import { join } from 'node:path';

import type { Logger } from 'pino';

import type { ApiServices, PublishedAuthority } from '../api/api-services.ts';
import { CertificateIssuer } from '../ca/issue/certificate-issuer.ts';
import { ensureResponders } from '../ca/issue/ensure-responder.ts';
import { CrlCache } from '../ca/crl/crl-cache.ts';
import { DEFAULT_CRL_POLICY } from '../ca/crl/crl-house.ts';
import { CrlScheduler } from '../ca/crl/crl-scheduler.ts';
import type { LeaderLock } from '../ca/crl/leader-lock.ts';
import { Pulse } from '../ca/crl/pulse.ts';
import { loadProfiles } from '../ca/load-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { Clock } from '../core/clock.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { HOLDER_KEY_BOUNDS, assertKeyQuality } from '../keys/key-quality.ts';
import { nameText } from '../pki/name.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { HostedAuthority } from '../ocsp/hosted-authority.ts';
import { OcspResponder } from '../ocsp/responder.ts';
import { StatusFollower } from '../ocsp/status-follower.ts';
import { issueApproved } from '../ra/approve-application.ts';
import { prescriptionPolicy } from '../validation/policy.ts';
import { TrustStore } from '../validation/trust-store.ts';
import { validateCms } from '../validation/validate-cms.ts';
import { caForRa } from './ca-for-ra.ts';
import { runDevelopmentCeremony } from './development-ceremony.ts';
import { openDemonstrationOffice } from './demonstration-office.ts';
import { evaluationNames } from './deployment-names.ts';
import { KeyStore } from './key-store.ts';
import { openHierarchy } from './open-authorities.ts';
import type { Hierarchy } from './open-authorities.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

export interface HouseOptions {
  opened: OpenedPool;
  crlLock: LeaderLock;
  publicUrl: string;
  dataDirectory: string;
  clock: Clock;
  logger: Logger;
}

export interface House {
  services: ApiServices;
  stores: Stores;
  hierarchy: Hierarchy;
  /** Stops what runs; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

const SERVICE = { kind: 'service', id: 'mohr-serve' } as const;
/** CRLs are looked after once a second; a status change wakes them sooner. */
const CRL_PULSE_MILLISECONDS = 1_000;

/** Wires the whole service over one database: makes what a first start needs, completes what a crash left, starts what runs. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { clock, logger, publicUrl, dataDirectory } = options;
  const stores = openStores(options.opened);
  const keys = await KeyStore.open(join(dataDirectory, 'keys'));
  const names = evaluationNames(publicUrl);
  const profiles = await loadProfiles(join(PACKAGE_ROOT, 'ca', 'profiles'));
  const base = { ...stores, transactions: stores.database, profiles, names, clock };
  await prepareFirstStart(base, keys, dataDirectory);
  const hierarchy = await openHierarchy(stores, (reference) => keys.openSigner(reference));
  const issuer = new CertificateIssuer({
    ...base,
    authorities: hierarchy.issuing,
    checkKey: checkKeyWith(stores),
  });
  const createKey = async (name: string) => {
    const reference = await keys.create(name, 'p-256');
    return { reference, signer: await keys.openSigner(reference) };
  };
  await issuer.resume(SERVICE);
  await ensureResponders({ ...base, issuer, createKey }, [...hierarchy.issuing.keys()], SERVICE);
  const running = await startOcspAndCrls(options, stores, hierarchy, keys);
  const ca = caForRa({
    ...base,
    issuer,
    authorities: hierarchy.issuing,
    status: { ...base },
    whenVisible: () => running.follower.catchUp(),
  });
  const registration = { ...base, issuer: ca };
  await issueApproved(registration, SERVICE);
  const services: ApiServices = {
    ...base,
    registration,
    signIn: base,
    statusChanger: ca,
    authorities: publish(hierarchy, profiles),
    publicUrl,
    ocspResponder: running.responder,
    publishedCrls: running.crlCache,
    validate: validator(options, stores, hierarchy, names.oidArc),
    readiness: {
      database: async () => void (await stores.database.query({ text: 'select 1' })),
      ocsp: () => running.follower.catchUp(),
    },
  };
  logger.info({ authorities: hierarchy.records.map(({ id }) => id) }, 'house opened');
  return {
    services,
    stores,
    hierarchy,
    close: () => running.close(),
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

function checkKeyWith({
  blockedKeys,
}: Stores): ConstructorParameters<typeof CertificateIssuer>[0]['checkKey'] {
  return (subjectPublicKeyInfo, keyTypes) =>
    assertKeyQuality({ subjectPublicKeyInfo, policy: { ...HOLDER_KEY_BOUNDS, keyTypes }, blockedKeys });
}

async function startOcspAndCrls(options: HouseOptions, stores: Stores, hierarchy: Hierarchy, keys: KeyStore) {
  const { clock, logger, publicUrl, opened, crlLock } = options;
  const authorityIds = [...hierarchy.issuing.keys()];
  const onFault = (error: unknown) => void (error && logger.error({ err: error }, 'OCSP fault'));
  const follower = await StatusFollower.load({ source: stores.ocspStatuses, authorityIds, clock, onFault });
  const authorities = await hostedAuthorities(stores, hierarchy, keys, clock);
  const responder = new OcspResponder({ authorities, status: follower, clock, onFault });
  const crlCache = new CrlCache(stores.crls);
  const scheduler = new CrlScheduler({
    house: {
      authorities: [...hierarchy.issuing.values()].map((authority) => ({
        authority,
        complete: true,
        shards: true,
        delta: false,
      })),
      publicUrl,
      policy: DEFAULT_CRL_POLICY,
      source: stores.crlStatuses,
      store: stores.crls,
      cache: crlCache,
      transactions: stores.database,
      audit: stores.audit,
      clock,
    },
    lock: crlLock,
    onFailure: (error) => logger.error({ err: error }, 'CRL fault'),
  });
  await crlCache.refresh();
  await scheduler.tick();
  const pulse = new Pulse({ intervalMilliseconds: CRL_PULSE_MILLISECONDS, work: () => scheduler.tick() });
  pulse.wake();
  const stopped = new AbortController();
  const following = follower.follow(stopped.signal);
  await opened.listen('status_change', () => {
    follower.wake();
    pulse.wake();
  });
  return {
    follower,
    responder,
    crlCache,
    close: async () => {
      stopped.abort();
      await following;
      await pulse.stop();
      await scheduler.close();
    },
  };
}

async function hostedAuthorities(
  stores: Stores,
  hierarchy: Hierarchy,
  keys: KeyStore,
  clock: Clock,
): Promise<HostedAuthority[]> {
  const responders = await stores.database.transaction((tx) =>
    stores.authorities.listResponders(tx, clock.now()),
  );
  const hosted: HostedAuthority[] = [];
  for (const { id, certificate } of hierarchy.issuing.values()) {
    const credentials: HostedAuthority['credentials'][number][] = [];
    for (const record of responders.filter(({ authorityId }) => authorityId === id)) {
      const signer = await keys.openSigner(record.keyReference);
      credentials.push({ signer, certificate: parseCertificate(record.certificate) });
    }
    hosted.push({ id, issuerCertificates: [certificate], credentials });
  }
  return hosted;
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
    const offered = [...profiles.values()].filter(({ assuranceLevels }) =>
      assuranceLevels.includes(record.assuranceLevel),
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
