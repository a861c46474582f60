import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiServices } from '../api/api-services.ts';
import { CertificateIssuer } from '../ca/issue/certificate-issuer.ts';
import { ensureResponders } from '../ca/issue/ensure-responder.ts';
import type { LeaderLock } from '../ca/crl/leader-lock.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { WebAuthnCeremony } from '../passkeys/web-authn-ceremony.ts';
import { expireUnaccepted } from '../ra/acceptance/expire-unaccepted.ts';
import { expireUnactivated } from '../ra/activation/expire-unactivated.ts';
import { Dashboard } from '../ra/dashboard/dashboard.ts';
import { pruneEvidence } from '../ra/evidence/prune-evidence.ts';
import { sweepPersonalisations } from '../ra/personalisation/sweep-personalisations.ts';
import { remindHolders } from '../ra/reminders/remind-holders.ts';
import { KEY_STORES } from '../ra/self-service/self-service-house.ts';
import type { KeyStoreKind } from '../ra/self-service/self-service-house.ts';
import type { Messengers } from '../ra/messages/message.ts';
import { loadValidationPolicy } from './validation-policy-file.ts';
import { loadAlgorithmPolicy } from './algorithm-policy-file.ts';
import { AuthorityStanding } from './authority-standing.ts';
import { caForRa } from './ca-for-ra.ts';
import { caForRenewal } from './ca-for-renewal.ts';
import { cardDesk } from './cards/card-desk.ts';
import { CARD_SETTINGS } from './cards/card-settings.ts';
import { ticketKey } from './cards/ticket-key.ts';
import { checkKeyWith } from './check-key.ts';
import { consoleFolder } from './console-folder.ts';
import { consoleUrlOf, relyingPartyOf } from './console-url.ts';
import { prepareFirstStart } from './first-start.ts';
import { evaluationNames } from './deployment-names.ts';
import { loadDeploymentProfiles } from './deployment-profiles.ts';
import { recordedAttestation } from './enrolment/recorded-attestation.ts';
import { openAttestationJudges } from './enrolment/attestation-judge.ts';
import { openEvidenceVault } from './evidence-vault.ts';
import { InterruptedIssuance } from './interrupted-issuance.ts';
import { KeyStore } from './key-store.ts';
import type { KeyStoreOptions } from './key-store.ts';
import { openHierarchy } from './open-authorities.ts';
import type { Hierarchy } from './open-authorities.ts';
import { officerCertifier } from './officer-certifier.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { startMessages } from './messages/start-messages.ts';
import { NO_REGISTERS } from './registers/open-registers.ts';
import type { RegisterAccess } from './registers/open-registers.ts';
import { startLicences } from './registers/start-licences.ts';
import { responderKeys } from './responder-house.ts';
import { openSigning } from './signing-house.ts';
import type { PushAccess } from './signing-house.ts';
import { certificateExpiries } from './certificate-expiries.ts';
import { countedEvents } from './counted-events.ts';
import { openCsc } from './csc-house.ts';
import type { CrlSettings } from './crl-settings.ts';
import { openMetrics } from './metrics.ts';
import { poolMetrics } from './pool-metrics.ts';
import { startPulse } from './start-pulse.ts';
import { statusMetrics } from './status-metrics.ts';
import { startCrls } from './start-crls.ts';
import { publishedAuthorities } from './published-authorities.ts';
import { startRollover } from './responder-rollover.ts';
import { SERVICE } from './service-actor.ts';
import type { RevocationSettings } from './revocation-settings.ts';
import { countedValidations } from './validation-metrics.ts';
import { serviceValidators } from './service-validators.ts';
import { startHeartbeat } from './start-heartbeat.ts';
import { startOcsp } from './start-ocsp.ts';
import type { OcspOptions } from './start-ocsp.ts';
import { augmentationPorts } from './augmentation/augmentation-ports.ts';
import { ownStatus } from './augmentation/own-status.ts';
import { openDossiers } from './dossiers/open-dossiers.ts';
import { sealReports } from './dossiers/seal-reports.ts';
import { houseUnit } from './tsa/house-unit.ts';
import { recordStamps } from './tsa/record-stamps.ts';
import { openTsa } from './tsa/open-tsa.ts';
import type { TsaOptions } from './tsa/open-tsa.ts';
import type { TsaSettings } from './tsa/tsa-settings.ts';
import { watchJobs } from './watched-jobs.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

export interface HouseOptions
  extends
    KeyStoreOptions,
    OcspOptions,
    Partial<CrlSettings>,
    Partial<RevocationSettings>,
    Partial<TsaSettings>,
    Pick<TsaOptions, 'monotonicMilliseconds'> {
  opened: OpenedPool;
  crlLock: LeaderLock;
  publicUrl: string;
  /** Absent: what follows from the public URL. */
  consoleUrl?: string;
  dataDirectory: string;
  /** Absent: the default. */
  cardAgentUrl?: string;
  /** Absent: messages stay in the outbox. */
  messengers?: Messengers;
  /** Absent: no phone is woken. */
  push?: PushAccess;
  /** Absent: the default. */
  sessionsPerMinute?: number;
  /** Absent: nobody is asked, and so nothing can be approved. */
  registers?: RegisterAccess;
  /** Absent: no key counts as held by hardware. */
  attestationFile?: string;
  estReenrolment?: boolean;
}

export interface House {
  services: ApiServices;
  stores: Stores;
  hierarchy: Hierarchy;
  /** Stops what runs; the database stays open, it is the caller's. */
  close(): Promise<void>;
}

/** What a key or a database that was away has held up is tried again this often. */
const COMPLETION_MILLISECONDS = 2_000;
/** What nobody is at work on any more, e.g. another process that died: looked for this often, and older than any request gets. */
const ABANDONED_MILLISECONDS = 60_000;
const ABANDONED_AFTER_MILLISECONDS = 120_000;
/** A certificate that is on no card is found within a minute of its time. */
const CARD_SWEEP_MILLISECONDS = 60_000;
/** Reminders are due by the day. */
const REMINDING_MILLISECONDS = 600_000;
/** Papers have their time in years. */
const PRUNING_MILLISECONDS = 3_600_000;

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
  const { clock, logger, publicUrl, dataDirectory, registers = NO_REGISTERS } = options;
  const metrics = await openMetrics(options);
  const opened = openStores(options.opened);
  const stores = { ...opened, audit: countedEvents(opened.audit, metrics.registry) };
  const names = evaluationNames(publicUrl);
  const profiles = await loadDeploymentProfiles(dataDirectory);
  const algorithms = await loadAlgorithmPolicy(dataDirectory);
  const policyFile = await loadValidationPolicy(dataDirectory);
  const { consoleUrl = consoleUrlOf(publicUrl) } = options;
  const passkeyCeremony = new WebAuthnCeremony(relyingPartyOf(consoleUrl));
  poolMetrics(metrics.registry, options.opened.pool);
  const watch = watchJobs(metrics.registry, clock);
  const base = { ...stores, transactions: stores.database, profiles, names, clock, passkeyCeremony };
  await prepareFirstStart(base, keys, dataDirectory);
  const hierarchy = await openHierarchy(stores, (reference) => keys.openSigner(reference));
  const standing = new AuthorityStanding(stores.database, hierarchy);
  const { judge: judgeAttestation } = await openAttestationJudges(options.attestationFile);
  const { estReenrolment = false } = options;
  const issuer = new CertificateIssuer({
    ...base,
    judgeAttestation,
    recordedAttestation: recordedAttestation(stores, openEvidenceVault(options)),
    believesHolderSessions: estReenrolment,
    authorities: hierarchy.issuing,
    checkKey: checkKeyWith(stores.blockedKeys),
    checkAuthority: (id) => standing.check(id),
  });
  const interrupted = new InterruptedIssuance(logger);
  await interrupted.resumeAll(issuer, SERVICE);
  const responders = { ...base, ...responderKeys(issuer, keys, options.ocspKeyTypes ?? ['p-256']) };
  const issuingIds = [...hierarchy.issuing.keys()];
  await ensureResponders(responders, issuingIds, SERVICE);
  const ocsp = await startOcsp(
    { ...options, registry: metrics.registry },
    {
      statuses: stores.ocspStatuses,
      authorities: [...hierarchy.issuing.values()],
      listResponders: () =>
        stores.database.transaction((tx) => stores.authorities.listResponders(tx, clock.now())),
      keys,
    },
  );
  statusMetrics(metrics.registry, () => ocsp.follower.lastChangeNumber);
  const crls = await startCrls({ ...options, profiles, registry: metrics.registry }, stores, hierarchy);
  await options.opened.listen('status_change', () => {
    ocsp.follower.wake();
    crls.wake();
  });
  const caSide = {
    ...base,
    issuer,
    standing,
    authorities: hierarchy.issuing,
    status: { ...base },
    whenVisible: () => ocsp.follower.catchUp(),
    onInterrupted: (origin: string, error: unknown) => interrupted.note(origin, error),
  };
  const ca = caForRa(caSide);
  const offices = { ...base, officerCertifier: officerCertifier(caSide) };
  const papers = { ...base, vault: openEvidenceVault(options) };
  const outbox =
    options.messengers && startMessages({ ...papers, messengers: options.messengers }, logger, watch);
  const registration = {
    ...papers,
    issuer: ca,
    judgeAttestation,
    registers: registers.registers,
    keyStoreOf: (profileId: string) => keyStoreOf(profiles, profileId),
    onQueued: () => outbox?.wake(),
  };
  const licence = {
    ...base,
    holderStatus: ca,
    licenceMessages: registers.licenceMessages,
    onLicenceFailure: (err: unknown) => logger.error({ err }, 'a licence message cannot be applied yet'),
  };
  await interrupted.issueAll(registration, SERVICE);
  await interrupted.certifyAll(offices, SERVICE);
  const completion = startPulse(COMPLETION_MILLISECONDS, () =>
    interrupted.complete(issuer, registration, SERVICE),
  );
  const abandoned = startPulse(ABANDONED_MILLISECONDS, async () => {
    const before = new Date(clock.now().getTime() - ABANDONED_AFTER_MILLISECONDS);
    await interrupted.resumeAll(issuer, SERVICE, before);
    await interrupted.issueAll(registration, SERVICE, before);
    await interrupted.certifyAll(offices, SERVICE);
    await watch('unaccepted', expireUnaccepted({ ...base, holderStatus: ca }, SERVICE)).catch(
      (err: unknown) => logger.error({ err }, 'certificates that nobody has received cannot be ended yet'),
    );
    await watch('unactivated', expireUnactivated(base, SERVICE)).catch((err: unknown) =>
      logger.error({ err }, 'applications that nobody has activated cannot be ended yet'),
    );
  });
  const personalisation = {
    ...papers,
    holderStatus: ca,
    ...cardDesk({ hierarchy, profiles, consoleUrl, ticketSigner: ticketKey(options) }),
  };
  const cards = startPulse(CARD_SWEEP_MILLISECONDS, () =>
    watch('cards', sweepPersonalisations(personalisation, SERVICE)).catch((err: unknown) =>
      logger.error({ err }, 'certificates of unfinished cards cannot be put on hold'),
    ),
  );
  const reminding = startPulse(REMINDING_MILLISECONDS, () =>
    watch('reminders', remindHolders(papers)).then(
      (reminded) => void (reminded > 0 && outbox?.wake()),
      (err: unknown) => logger.error({ err }, 'holders cannot be reminded'),
    ),
  );
  const selfService = {
    ...registration,
    holderStatus: ca,
  };
  const pruning = startPulse(PRUNING_MILLISECONDS, () =>
    watch('papers', pruneEvidence(papers, SERVICE)).catch((err: unknown) =>
      logger.error({ err }, 'papers cannot be deleted'),
    ),
  );
  const heartbeat = options.opened.mayHaveReplicas ? startHeartbeat(stores.database, watch) : undefined;
  const rollover = startRollover(responders, issuingIds, ocsp, logger, watch);
  const units = {
    ...base,
    ...responders,
    issuing: hierarchy.issuing,
    endedAuthorities: () => standing.ended(),
  };
  const tsa = openTsa({
    ...options,
    unit: houseUnit({ house: units, hierarchy, keys }),
    record: recordStamps(base),
    oidArc: names.oidArc,
    registry: metrics.registry,
  });
  certificateExpiries(metrics.registry, () => [
    ...[...hierarchy.certificates].map(([name, certificate]) => ({
      kind: 'authority' as const,
      name,
      certificate,
    })),
    ...ocsp.ownCertificates(),
    ...tsa.ownCertificates(),
  ]);
  const {
    trust,
    revocationSource,
    close: closeValidators,
    ...validators
  } = countedValidations(
    serviceValidators({ ...options, algorithms, policyFile }, stores, hierarchy, names),
    metrics.registry,
  );
  const ports = augmentationPorts({
    timeStamper: tsa,
    tsaUrl: options.tsaUrl,
    clock,
    trust,
    ownStatus: ownStatus({ hierarchy, ocsp: ocsp.responder, crls: crls.cache }),
    source: revocationSource,
  });
  const signing = await openSigning({
    ...options,
    ...papers,
    consoleUrl,
    stores,
    keys,
    hierarchy,
    watch,
    augmentation: ports,
  });
  const csc = await openCsc({
    ...options,
    ...papers,
    stores,
    sessions: signing.services.sessions,
  });
  const services: ApiServices = {
    ...base,
    signing: signing.services,
    tsa,
    csc: csc.services,
    registration,
    licence,
    signIn: base,
    offices,
    statusChanger: ca,
    contacts: registration,
    papers,
    personalisation,
    cardAgentUrl: options.cardAgentUrl ?? CARD_SETTINGS.cardAgentUrl.fallback,
    dashboard: new Dashboard({ dashboard: stores.figures, clock }),
    ocspFreshness: () => ({
      confirmedAgeSeconds: ocsp.visibility.confirmedAgeSeconds,
      isAlarming: ocsp.visibility.isAlarming,
    }),
    renewal: {
      ...registration,
      isRenewableOverTls: estReenrolment,
      holderStatus: ca,
      renewalIssuer: caForRenewal({ ca: caSide, forRa: ca, ...stores, certificates: hierarchy.certificates }),
    },
    selfService: { ...selfService, selfService: stores.selfService },
    statusChanges: { ...base, holderStatus: ca },
    authorities: publishedAuthorities(hierarchy, profiles),
    publicUrl,
    consoleUrl,
    practiceStatement: await readFile(join(PACKAGE_ROOT, 'docs', 'PRACTICE-STATEMENT.md'), 'utf8'),
    ocspResponder: ocsp.responder,
    publishedCrls: crls.cache,
    metrics: metrics.endpoint,
    consoleFolder: consoleFolder(),
    ...validators,
    augmentation: { ...base, ...ports },
    reports: openDossiers({
      validate: validators.validate,
      evidence: ports.material,
      sealer: sealReports({ house: units, hierarchy, keys, ...ports }),
      consoleUrl,
    }),
    readiness: {
      database: async () => void (await stores.database.query({ text: 'select 1' })),
      ocsp: () => ocsp.follower.catchUp(),
    },
  };
  const licences = startLicences(licence, registers.licenceFeed, logger, watch);
  logger.info({ authorities: hierarchy.records.map(({ id }) => id) }, 'house opened');
  return {
    services,
    stores,
    hierarchy,
    close: async () => {
      await csc.stop();
      await signing.stop();
      await tsa.close();
      await closeValidators();
      await licences.stop();
      await abandoned.stop();
      await completion.stop();
      await cards.stop();
      await pruning.stop();
      await reminding.stop();
      await outbox?.stop();
      await heartbeat?.stop();
      await rollover.stop();
      await crls.close();
      await ocsp.close();
      await keys.close();
    },
  };
}

function keyStoreOf(profiles: Profiles, profileId: string): KeyStoreKind | undefined {
  const storage = profiles.get(profileId)?.keyStorage;
  return KEY_STORES.find((known) => known === storage);
}
