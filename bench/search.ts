import { cpus } from 'node:os';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../cli/package-root.ts';
import { DomainError } from '../core/errors.ts';
import { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgCertificateDirectory } from '../db/pg-certificate-directory.ts';
import { PgHolderStore } from '../db/pg-holder-store.ts';
import { readSearchTerms } from '../ra/holders/search-terms.ts';
import type { OfficeId } from '../ra/officer.ts';
import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import { fillSearch } from './fill-search.ts';
import type { SearchSize } from './fill-search.ts';
import type { BenchReport } from './report.ts';
import { searchQuestions } from './search-questions.ts';
import type { Question } from './search-questions.ts';

export interface SearchBenchOptions extends SearchSize {
  /** Questions of each kind, after a tenth as many that warm up. */
  questions: number;
}

const DEFAULTS: SearchBenchOptions = {
  holders: 285_000,
  certificates: 1_000_000,
  offices: 500,
  questions: 200,
};

/** As a page of the console asks for. */
const PAGE_ROWS = 50;

/** Shared memory of a small server; the rest is in the system's cache. */
const SERVER = ['fsync=off', 'synchronous_commit=off', 'shared_buffers=512MB', 'max_wal_size=4GB', 'jit=on'];

/** Search among a million certificates and all members, on PostgreSQL, one question after the other as one officer asks. */
export async function benchSearch(options: Partial<SearchBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  const cluster = await startPostgresCluster(SERVER).catch((cause: unknown) => {
    throw new DomainError('bench-tool', 'search is measured on an installed PostgreSQL', { cause });
  });
  try {
    const { pool, close } = await openPostgres(cluster.url);
    const started = performance.now();
    await migrate(pool, join(PACKAGE_ROOT, 'migrations'));
    await fillSearch(pool, settings);
    const fillSeconds = Math.round((performance.now() - started) / 1000);
    const database = new Database(pool);
    const measured = await measureSearch(database, settings);
    const [{ version, size }] = await database.query<{ version: string; size: string }>({
      text: `select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size`,
    });
    await close();
    return {
      bench: 'search',
      conditions: {
        cpu: `${cpus().length} × ${cpus()[0].model}`,
        node: process.versions.node,
        postgresql: version,
        'database size': size,
        certificates: settings.certificates,
        holders: settings.holders,
        offices: settings.offices,
        'questions of each kind': settings.questions,
        'rows of a page': PAGE_ROWS,
        'fill (s)': fillSeconds,
      },
      figures: figuresOf(measured),
    };
  } finally {
    await cluster.stop();
  }
}

/** Milliseconds of each kind's questions. */
type Measured = ReadonlyMap<string, number[]>;

export async function measureSearch(
  database: Database,
  { questions }: Pick<SearchBenchOptions, 'questions'>,
): Promise<Measured> {
  const asked = await searchQuestions(database, questions + Math.ceil(questions / 10));
  const [directory, holders] = [new PgCertificateDirectory(database), new PgHolderStore(database)];
  const measured = new Map<string, number[]>();
  for (const [kind, list] of asked) {
    const times: number[] = [];
    for (const question of list) {
      const started = performance.now();
      await ask({ directory, holders }, question);
      times.push(performance.now() - started);
    }
    measured.set(kind, times.slice(-questions));
  }
  return measured;
}

async function ask(
  { directory, holders }: { directory: PgCertificateDirectory; holders: PgHolderStore },
  { of, text, officeId, before }: Question,
): Promise<unknown> {
  const terms = readSearchTerms(text);
  const filter = { terms, limit: PAGE_ROWS, ...(officeId && { officeId: officeId as OfficeId }) };
  if (of === 'holders') return holders.search(filter);
  return directory.search({ ...filter, ...(before && { before: before as never }) });
}

export function figuresOf(measured: Measured): BenchReport['figures'] {
  const all = [...measured.values()].flat();
  return [
    { id: 'search.p95', value: percentile(all, 0.95), unit: 'ms' },
    { id: 'search.p50', value: percentile(all, 0.5), unit: 'ms' },
    ...[...measured].map(([kind, times]) => ({
      id: `search.p95_${kind}`,
      value: percentile(times, 0.95),
      unit: 'ms',
    })),
  ];
}

function percentile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * part) - 1] * 100) / 100;
}
