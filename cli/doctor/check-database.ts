import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { DbError } from '../../db/db-error.ts';
import type { PgDeploymentHealth, ServerHealth } from '../../db/pg-deployment-health.ts';
import { assertSchemaUsable, migrationNames } from '../../db/schema-requirements.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { Examiner } from './diagnosis.ts';

/** Below that, PostgreSQL's project no longer mends it. */
const MAJOR_MIN = 14;
const REPLICA_LAG_SECONDS = 10;
const ARCHIVED_SECONDS_MAX = 3_600;
/** Statuses are compared by the database's time with this machine's. */
const CLOCKS_APART_MILLISECONDS = { warning: 200, critical: 2_000 };

/** Version, durability and roles of the server. */
export function checkServer({ version, isDurable, missingRoles }: ServerHealth, examiner: Examiner): void {
  const major = Number.parseInt(version, 10);
  if (major < MAJOR_MIN)
    examiner.warn(`PostgreSQL ${version} is no longer maintained`, `upgrade to ${MAJOR_MIN} or later`);
  else examiner.ok(`PostgreSQL ${version}`);
  if (!isDurable)
    examiner.fail(
      'fsync or synchronous_commit is off: a crash loses what was acknowledged',
      'set both to on in postgresql.conf and reload',
    );
  if (missingRoles.length > 0)
    examiner.warn(
      `the roles ${missingRoles.join(', ')} do not exist: nodes with a role of their own cannot log in`,
      'create them as an administrator (docs/deployment/roles.sql), then run `mohr migrate`',
    );
}

/** Whether the schema is the one of this version. */
export async function checkMigrations(
  health: PgDeploymentHealth,
  { pool }: Pick<OpenedPool, 'pool'>,
  examiner: Examiner,
): Promise<boolean> {
  const folder = join(PACKAGE_ROOT, 'migrations');
  const ran = await health.migrations();
  const missing = migrationNames(folder).filter((name) => !ran?.includes(name));
  try {
    await assertSchemaUsable(pool, folder);
  } catch (error) {
    if (!(error instanceof DbError)) throw error;
    examiner.fail(error.detail, 'install the newer version on this machine');
    return false;
  }
  if (!ran) examiner.fail('the database has no schema yet', 'run `mohr migrate`, or start the service');
  else if (missing.length > 0)
    examiner.fail(`${missing.length} migrations have not run: ${missing.join(', ')}`, 'run `mohr migrate`');
  else examiner.ok(`all ${ran.length} migrations have run`);
  return ran !== undefined && missing.length === 0;
}

export function checkReplication(
  { isReplica, replicas, replayedSecondsAgo }: ServerHealth,
  examiner: Examiner,
): void {
  if (isReplica && (replayedSecondsAgo ?? Infinity) > REPLICA_LAG_SECONDS)
    examiner.fail(
      `this is a replica, and it has replayed nothing for ${Math.round(replayedSecondsAgo ?? 0)} s`,
      'look at pg_stat_wal_receiver there and pg_stat_replication on the primary; take its nodes out of the balancer until it follows',
    );
  else if (isReplica) examiner.ok('a replica that follows');
  else if (replicas.length === 0) examiner.ok('a primary without replicas');
  for (const { name, lagSeconds } of replicas)
    if (lagSeconds > REPLICA_LAG_SECONDS)
      examiner.warn(
        `the replica ${name} is ${Math.round(lagSeconds)} s behind`,
        'look at its disk and its network; nodes on it answer with older statuses',
      );
    else examiner.ok(`the replica ${name} is ${lagSeconds.toFixed(1)} s behind`);
}

export function checkBackups({ archiving, isReplica }: ServerHealth, clock: Clock, examiner: Examiner): void {
  const { isOn, lastAt, lastFailedAt } = archiving;
  const ageSeconds = lastAt ? (clock.now().getTime() - lastAt.getTime()) / 1000 : Infinity;
  if (isReplica) return examiner.ok('write-ahead logs are archived by the primary');
  if (!isOn)
    return examiner.warn(
      'write-ahead logs are not archived: after a loss of the disk only the last base backup, if there is one, comes back',
      'set archive_mode and archive_command, or say to yourself what else makes backups (docs/BACKUP.md)',
    );
  if (lastFailedAt && (!lastAt || lastFailedAt > lastAt))
    return examiner.fail(
      `archiving write-ahead logs fails since ${lastFailedAt.toISOString()}`,
      "archive_command's error is in the server's log; its disk fills up meanwhile",
    );
  if (ageSeconds > ARCHIVED_SECONDS_MAX)
    return examiner.warn(
      lastAt ? `the last log was archived at ${lastAt.toISOString()}` : 'no log was archived yet',
      'set archive_timeout to a minute, so that a quiet night is archived too',
    );
  return examiner.ok(`the last log was archived ${Math.round(ageSeconds)} s ago`);
}

/** The database's clock beside this machine's. */
export function checkClocksApart(databaseNow: Date, clock: Clock, examiner: Examiner): void {
  const apart = Math.abs(databaseNow.getTime() - clock.now().getTime());
  const advice = 'run chrony on both machines, with the same servers';
  const finding = `this machine and the database are ${apart} ms apart`;
  if (apart > CLOCKS_APART_MILLISECONDS.critical) examiner.fail(finding, advice);
  else if (apart > CLOCKS_APART_MILLISECONDS.warning) examiner.warn(finding, advice);
  else examiner.ok(finding);
}
