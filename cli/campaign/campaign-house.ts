import { join } from 'node:path';

import type { AuditActor } from '../../audit/audit-event.ts';
import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import type { Pace } from '../../ca/campaign/pace.ts';
import { pacedSigner } from '../../ca/campaign/paced-signer.ts';
import { isOfCampaign } from '../../ca/campaign/request-origin.ts';
import { BulkIssuer } from '../../ca/issue/bulk-issuer.ts';
import { CertificateIssuer } from '../../ca/issue/certificate-issuer.ts';
import type { LeaderLock } from '../../ca/crl/leader-lock.ts';
import type { Clock } from '../../core/clock.ts';
import { blockedAmong } from '../../db/blocked-among.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { PgApplicationBatchStore } from '../../db/pg-application-batch-store.ts';
import { PgLeaderLock, onlyProcess } from '../../db/pg-leader-lock.ts';
import { GatheredBlockedKeys } from '../../keys/gathered-blocked-keys.ts';
import { applicationOfOrigin } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { assertSignsWith } from '../assert-signs.ts';
import { AuthorityStanding } from '../authority-standing.ts';
import { caForRa } from '../ca-for-ra.ts';
import { checkKeyWith } from '../check-key.ts';
import { evaluationNames } from '../deployment-names.ts';
import { loadDeploymentProfiles } from '../deployment-profiles.ts';
import { recordedAttestation } from '../enrolment/recorded-attestation.ts';
import { openAttestationJudges } from '../enrolment/attestation-judge.ts';
import { openEvidenceVault } from '../evidence-vault.ts';
import { KeyStore } from '../key-store.ts';
import { openHierarchy } from '../open-authorities.ts';
import { openDatabase } from '../open-database.ts';
import type { Settings } from '../settings.ts';
import { openStores } from '../stores.ts';

export type CampaignHouse = Awaited<ReturnType<typeof furnish>>;

export interface CampaignHouseOptions {
  settings: Settings;
  clock: Clock;
  /** Signatures that the CA keys may spend; absent: as many as they can. */
  hsmBudget?: Pace;
}

/**
 * Does a campaign's work on the deployment's database and keys, beside a running service or without one. Throws CampaignError
 * `campaign-running` when another campaign is at work.
 */
export async function withCampaignHouse<T>(
  options: CampaignHouseOptions,
  work: (house: CampaignHouse) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDirectory } = options.settings;
  const opened = await openDatabase(options.settings);
  const lock = databaseUrl ? new PgLeaderLock(databaseUrl, 'campaign') : onlyProcess;
  const keys = await KeyStore.open(join(dataDirectory, 'keys'), options.settings);
  try {
    await assertAlone(lock);
    return await work(await furnish(options, opened, keys));
  } finally {
    await keys.close();
    await lock.release();
    await opened.close();
  }
}

/** Two campaigns would take each other's open intents for what a crash left. */
async function assertAlone(lock: LeaderLock): Promise<void> {
  if (await lock.lead()) return;
  throw new CampaignError('campaign-running', 'another campaign is at work on this database');
}

async function furnish(
  { settings, clock, hsmBudget }: CampaignHouseOptions,
  opened: OpenedPool,
  keys: KeyStore,
) {
  const stores = openStores(opened);
  const { database } = stores;
  const profiles = await loadDeploymentProfiles(settings.dataDirectory);
  const hierarchy = await openHierarchy(stores, async (reference) => {
    const signer = await keys.openSigner(reference);
    return hsmBudget ? pacedSigner(signer, hsmBudget) : signer;
  });
  const authorities = hierarchy.issuing;
  const names = evaluationNames(settings.publicUrl);
  const base = { ...stores, transactions: database, authorities, profiles, names, clock };
  const vault = openEvidenceVault({ ...settings, clock });
  const { judge } = await openAttestationJudges(settings.attestationFile);
  const blockedKeys = new GatheredBlockedKeys((spkiSha256s) => blockedAmong(database, spkiSha256s));
  const standing = new AuthorityStanding(database, hierarchy);
  const issuer = new CertificateIssuer({
    ...base,
    checkKey: checkKeyWith(blockedKeys),
    checkAuthority: (id) => standing.check(id),
    judgeAttestation: judge,
    recordedAttestation: recordedAttestation(stores, vault),
    believesHolderSessions: settings.estReenrolment,
  });
  const ca = caForRa({
    ...base,
    issuer,
    assertSigns: assertSignsWith(authorities),
    standing,
    status: base,
    onInterrupted: () => undefined,
    // Nobody asks this process; the service follows the change numbers.
    whenVisible: async () => undefined,
  });
  const applications = new PgApplicationBatchStore(database);
  return {
    ...base,
    vault,
    hierarchy,
    standing,
    issuer,
    ca,
    bulk: new BulkIssuer({ ...base, issuer }),
    batches: applications,
    authorityFor: (profileId: string) => ca.authorityFor(profileId),
    /** Completes what a campaign that was killed left, or only those of some origins; returns how many certificates that were. */
    recover: async (actor: AuditActor, origins?: ReadonlySet<string>): Promise<number> => {
      const completed = await issuer.resume(
        actor,
        ({ origin }) => ofCampaign(origin) !== undefined && (origins?.has(origin) ?? true),
      );
      const ids = completed.flatMap(({ origin }) => ofCampaign(origin) ?? []);
      await database.transaction((tx) => applications.markIssuedWithCertificate(tx, ids));
      return completed.length;
    },
  };
}

function ofCampaign(origin: string): ApplicationId | undefined {
  const id = applicationOfOrigin(origin);
  return id && isOfCampaign(id) ? id : undefined;
}
