import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { pino } from 'pino';

import type { AuditEvent } from '../audit/audit-event.ts';
import { sequenceAll, sequenceBatch } from '../audit/sequence-events.ts';
import { checkLog } from '../cli/fsck/check-log.ts';
import { PACKAGE_ROOT } from '../cli/package-root.ts';
import { openMetrics } from '../cli/metrics.ts';
import { openStores } from '../cli/stores.ts';
import type { Stores } from '../cli/stores.ts';
import { LogFolder } from '../cli/transparency/log-folder.ts';
import { folderOf, openLog } from '../cli/transparency/open-log.ts';
import { systemClock } from '../core/clock.ts';
import { DomainError } from '../core/errors.ts';
import { LogRecords } from '../db/log-records.ts';
import { migrate } from '../db/migrate.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import type { BenchReport } from './report.ts';

export interface AuditBenchOptions {
  /** Recorded and sequenced at the same time, in batches as campaigns write them. */
  events: number;
  /** The same, each in a transaction of its own. */
  singles: number;
  /** What the log is filled up to before it is verified. */
  leaves: number;
}

const DEFAULTS: AuditBenchOptions = { events: 100_000, singles: 20_000, leaves: 1_000_000 };

/** Durable means that the disk has it. */
const SERVER = ['fsync=on', 'synchronous_commit=on', 'shared_buffers=512MB', 'max_wal_size=4GB'];
const BATCH_EVENTS = 100;
const WRITERS = 4;
const SINGLE_WRITERS = 8;

/** What becomes durable of events and leaves in a second, and how long it takes to verify a whole log, on PostgreSQL. */
export async function benchAudit(options: Partial<AuditBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  const cluster = await startPostgresCluster(SERVER).catch((cause: unknown) => {
    throw new DomainError('bench-tool', 'the log is measured on an installed PostgreSQL', { cause });
  });
  const dataDirectory = mkdtempSync(join(tmpdir(), 'mohr-bench-audit-'));
  try {
    const opened = await openPostgres(cluster.url);
    await migrate(opened.pool, join(PACKAGE_ROOT, 'migrations'));
    const stores = openStores(opened);
    const load = loadavg()[0].toFixed(2);
    const events = await recordAndSequence(stores, settings.events, BATCH_EVENTS, WRITERS);
    const singles = await recordAndSequence(stores, settings.singles, 1, SINGLE_WRITERS);
    const sequenced = await fillUp(stores, settings.leaves);
    const published = await publish(stores, dataDirectory);
    const verified = await verify(stores, dataDirectory);
    const [{ version }] = await stores.database.query<{ version: string }>({
      text: `select current_setting('server_version') as version`,
    });
    await opened.close();
    return {
      bench: 'audit',
      conditions: {
        cpu: `${cpus().length} × ${cpus()[0].model}`,
        node: process.versions.node,
        postgresql: `${version}, fsync on`,
        'load before': load,
        'events of a transaction': BATCH_EVENTS,
        'leaves that were verified': verified.leaves,
      },
      figures: [
        { id: 'audit.events', value: events, unit: '/s' },
        { id: 'audit.events_single', value: singles, unit: '/s' },
        { id: 'audit.sequence', value: sequenced, unit: '/s' },
        { id: 'audit.publish_1m', value: (published * 1_000_000) / verified.leaves, unit: 's' },
        { id: 'audit.verify_1m', value: (verified.seconds * 1_000_000) / verified.leaves, unit: 's' },
        {
          id: 'audit.verify_processor_1m',
          value: (verified.processorSeconds * 1_000_000) / verified.leaves,
          unit: 's',
        },
      ],
    };
  } finally {
    await cluster.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

/** Events that are recorded and have their leaves, a second, while both go on. */
async function recordAndSequence(
  { database, logSequencer, audit }: Stores,
  count: number,
  batch: number,
  writers: number,
): Promise<number> {
  const sequencer = { sequencer: logSequencer, transactions: database };
  const started = performance.now();
  let left = Math.ceil(count / batch);
  const write = async () => {
    while (left > 0) {
      left -= 1;
      const first = left * batch;
      await database.transaction((tx) =>
        batch === 1
          ? audit.record(tx, eventOf(first))
          : audit.recordAll(
              tx,
              Array.from({ length: batch }, (_, at) => eventOf(first + at)),
            ),
      );
    }
  };
  let isWriting = true;
  const sequence = async () => {
    while (isWriting) if ((await sequenceBatch(sequencer)) === 0) await new Promise(setImmediate);
  };
  const sequencing = sequence();
  await Promise.all(Array.from({ length: writers }, write));
  isWriting = false;
  await sequencing;
  await sequenceAll(sequencer);
  return (Math.ceil(count / batch) * batch * 1000) / (performance.now() - started);
}

/** Fills the log by one statement, which nothing but this would do, and gives all of it leaves: leaves a second. */
async function fillUp({ database, transparency, logSequencer }: Stores, leaves: number): Promise<number> {
  const missing = leaves - (await transparency.treeSize());
  const step = 20_000;
  for (let done = 0; done < missing; done += step)
    await database.query({
      text: `insert into audit_event (at, actor_kind, actor_id, office_id, action, outcome, subject, details)
        select date_trunc('milliseconds', clock_timestamp()), 'officer', gen_random_uuid()::text, null, 'intend-certificate',
          'accepted', 'certificate:bronze/' || encode(sha256(n::text::bytea), 'hex'),
          jsonb_build_object('origin', 'application:' || gen_random_uuid(), 'profile', 'signing-card@1')
        from generate_series(1, $1::int) n`,
      values: [Math.min(step, missing - done)],
    });
  const started = performance.now();
  const count = await sequenceAll({ sequencer: logSequencer, transactions: database });
  return (count * 1000) / (performance.now() - started);
}

async function publish(stores: Stores, dataDirectory: string): Promise<number> {
  const { registry } = await openMetrics({ dataDirectory });
  const log = await openLog({
    stores,
    dataDirectory,
    publicUrl: 'http://mohr.test',
    checkpointSeconds: 3600,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    registry,
    stamp: () => Promise.reject(new Error('nothing is stamped here')),
  });
  const started = performance.now();
  await log.publish();
  const seconds = (performance.now() - started) / 1000;
  await log.close();
  return seconds;
}

async function verify(
  { database, transparency }: Stores,
  dataDirectory: string,
): Promise<{ leaves: number; seconds: number; processorSeconds: number }> {
  const folder = new LogFolder(folderOf({ dataDirectory }));
  const started = performance.now();
  const before = process.cpuUsage();
  for await (const finding of checkLog({ records: new LogRecords(database), folder }))
    // Nothing stands behind these events but themselves.
    if (finding.code !== 'event-without-status')
      throw new DomainError('bench-wrong', `${finding.code} ${finding.subject}: ${finding.detail}`);
  const { user, system } = process.cpuUsage(before);
  return {
    leaves: await transparency.treeSize(),
    seconds: (performance.now() - started) / 1000,
    processorSeconds: (user + system) / 1_000_000,
  };
}

function eventOf(number: number): AuditEvent {
  return {
    at: systemClock.now(),
    actor: { kind: 'officer', id: '01930000-0000-7000-8000-000000000000' },
    action: 'intend-certificate',
    outcome: 'accepted',
    subject: `certificate:bronze/${number.toString(16).padStart(32, '0')}`,
    details: { origin: `application:${number}`, profile: 'signing-card@1' },
  };
}
