import { access } from 'node:fs/promises';
import { join } from 'node:path';

import { DEFAULT_CRL_POLICY } from '../../ca/crl/crl-house.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError, errorCode } from '../../core/errors.ts';
import type { Transaction } from '../../core/transaction.ts';
import { openEmbedded } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import { PgDeploymentHealth } from '../../db/pg-deployment-health.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { ClockSynchronisation } from '../../tsa/clock-synchronisation.ts';
import { KeyStore } from '../key-store.ts';
import type { NodeRole } from '../roles.ts';
import type { Settings } from '../settings.ts';
import { openStores } from '../stores.ts';
import { openClock } from '../tsa/open-clock.ts';
import { tsaClockOf } from '../tsa/tsa-settings.ts';
import { checkExpiries, checkKeys, ownKeys } from './check-certificates.ts';
import {
  checkBackups,
  checkClocksApart,
  checkMigrations,
  checkReplication,
  checkServer,
} from './check-database.ts';
import { checkClock, checkDisk, checkFiles } from './check-machine.ts';
import { checkMessages, checkRegisters } from './check-neighbours.ts';
import { addressesOf, checkAddresses, checkCrls, checkOcsp } from './check-published.ts';
import type { Published } from './check-published.ts';
import { examinerOf } from './diagnosis.ts';
import type { Check, Diagnosis, Examiner } from './diagnosis.ts';
import { examineLog } from './examine-log.ts';
import { whereAllowed } from './where-allowed.ts';

export interface ExaminationOptions {
  settings: Settings;
  clock: Clock;
  /** Absent: what the settings say. */
  synchronisation?: ClockSynchronisation;
}

type Examined = (check: Check) => Examiner;

/** Looks at everything that a deployment needs, changes nothing, and goes on when something is missing. */
export async function examine({
  settings,
  clock,
  synchronisation,
}: ExaminationOptions): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  const at: Examined = (check) => examinerOf(check, diagnoses);
  const tsaClock = tsaClockOf(settings);
  const watched = synchronisation ?? (tsaClock === 'unchecked' ? undefined : openClock(tsaClock, clock));
  await checkClock(watched, settings, at('clock'));
  await checkFiles(settings, at('files'));
  await checkDisk(settings, at('disk'));
  if (has(settings, 'ra')) {
    await checkRegisters(settings, at('registers'));
    await checkMessages(settings, at('messages'));
  }
  if (settings.roles?.has('tsa')) {
    at('database').ok('a node that stamps has none');
    return diagnoses;
  }
  const opened = await openToLook(settings, at('database'));
  try {
    if (opened) await examineRecords({ settings, clock, opened, at });
  } finally {
    await opened?.close();
  }
  return diagnoses;
}

/** Without roles a process has all of them. */
function has({ roles }: Settings, role: NodeRole): boolean {
  return roles === undefined || roles.has(role);
}

async function openToLook(
  { databaseUrl, dataDirectory }: Settings,
  examiner: Examiner,
): Promise<OpenedPool | undefined> {
  try {
    // Nothing is made here: where there is no database, that is what has to be said.
    if (databaseUrl !== undefined) return await openPostgres(databaseUrl, { readOnly: true });
    await access(join(dataDirectory, 'database'));
    return await openEmbedded(dataDirectory);
  } catch (error) {
    const isEmbedded = databaseUrl === undefined;
    if (isEmbedded && errorCode(error) === 'ENOENT')
      examiner.fail(
        `there is no embedded database in ${dataDirectory}`,
        'set DATABASE_URL or MOHR_DATA_DIR as the service has them',
      );
    else if (errorCode(error) === 'data-directory-in-use')
      examiner.warn(
        'the embedded database belongs to the service that runs: its records are not looked at',
        'stop the service for a whole check-up; for more than an evaluation, use PostgreSQL',
      );
    else if (error instanceof DomainError)
      examiner.fail(
        error.detail,
        'is PostgreSQL running, does its name resolve, may this machine and user log in (pg_hba.conf)?',
      );
    else throw error;
    return undefined;
  }
}

interface Records {
  settings: Settings;
  clock: Clock;
  opened: OpenedPool;
  at: Examined;
}

async function examineRecords({ settings, clock, opened, at }: Records): Promise<void> {
  const health = new PgDeploymentHealth(opened.pool);
  const isCurrent = await checkMigrations(health, opened, at('migrations'));
  if (!isCurrent) return;
  if (settings.databaseUrl === undefined)
    at('database').warn(
      'the embedded database: it does not wait for its disk, and has no replica',
      'use PostgreSQL (DATABASE_URL)',
    );
  else {
    const server = await health.server();
    checkServer(server, at('database'));
    checkReplication(server, at('replication'));
    checkBackups(server, clock, at('backups'));
    checkClocksApart(server.now, clock, at('clock'));
  }
  await examineAuthorities({ settings, clock, opened, at }, health);
}

async function examineAuthorities(
  { settings, clock, opened, at }: Records,
  health: PgDeploymentHealth,
): Promise<void> {
  const stores = openStores(opened);
  const now = clock.now();
  const read = <T>(what: string, list: (tx: Transaction) => Promise<T[]>) =>
    whereAllowed(at('certificates'), what, () => stores.database.transaction(list));
  const authorities = await read('authorities', (tx) => stores.authorities.listAuthorities(tx));
  const responders = await read('responders', (tx) => stores.authorities.listResponders(tx, now));
  const units = await read('units', (tx) => stores.serviceUnits.list(tx, now));
  const own = ownKeys(authorities ?? [], responders ?? [], units ?? []);
  if (authorities?.length === 0)
    at('certificates').fail(
      'no authority is recorded',
      'run a ceremony (docs/CEREMONY.md), or start the service for an evaluation',
    );
  checkExpiries(own, clock, at('certificates'));
  // The keys of the CAs and of the log are where that process is, and nowhere else.
  if (has(settings, 'ca')) {
    const keys = await KeyStore.open(join(settings.dataDirectory, 'keys'), settings);
    try {
      await checkKeys(own, keys, at('keys'));
    } finally {
      await keys.close();
    }
    await examineLog(settings, stores, clock, at('log'));
  }
  const { intervalSeconds } = DEFAULT_CRL_POLICY;
  const heads = await whereAllowed(at('crls'), 'CRLs', () => stores.crls.heads());
  if (heads) checkCrls(heads, clock, intervalSeconds, at('crls'));
  const examples = await whereAllowed(at('addresses'), 'certificates', () => health.publishedExamples());
  const issuers = new Map(authorities?.map(({ id, certificate }) => [id, parseCertificate(certificate)]));
  const published = publishedOf(examples ?? [], issuers);
  await checkAddresses(published, clock, at('addresses'));
  await checkOcsp(published, clock, at('ocsp'));
}

/** Of each authority the newest certificate that names addresses. */
function publishedOf(
  examples: readonly { authorityId: string; certificate: Buffer }[],
  issuers: ReadonlyMap<string, Published['issuer']>,
): Published[] {
  const published = new Map<string, Published>();
  for (const { authorityId, certificate } of examples) {
    const example = parseCertificate(certificate);
    const issuer = issuers.get(authorityId);
    if (!issuer || published.has(authorityId) || addressesOf(example).responders.length === 0) continue;
    published.set(authorityId, { authorityId, issuer, example });
  }
  return [...published.values()];
}
