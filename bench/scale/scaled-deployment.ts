import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { seedDeployment } from '../../cli/bench/seed.ts';
import type { Settings } from '../../cli/settings.ts';
import { openPostgres } from '../../db/open-postgres.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { startPostgresCluster } from '../../test/support/postgres-cluster.ts';
import { benchSettings } from '../bench-deployment.ts';
import { pinProcess } from '../pinned-process.ts';

const DURABLE = [
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'max_connections=50',
  'shared_buffers=512MB',
  'max_wal_size=4GB',
];

/** A deployment on a PostgreSQL of its own, which grows. */
export class ScaledDeployment {
  readonly settings: Settings & { databaseUrl: string };
  readonly folder: string;
  readonly pool: OpenedPool['pool'];
  readonly #cluster: Awaited<ReturnType<typeof startPostgresCluster>>;
  readonly #close: () => Promise<void>;

  private constructor(
    folder: string,
    cluster: Awaited<ReturnType<typeof startPostgresCluster>>,
    opened: OpenedPool,
  ) {
    this.folder = folder;
    this.settings = { ...benchSettings(cluster.url, folder), databaseUrl: cluster.url };
    this.#cluster = cluster;
    this.pool = opened.pool;
    this.#close = () => opened.close();
  }

  static async open(folder: string): Promise<ScaledDeployment> {
    const cluster = await startPostgresCluster(DURABLE);
    return new ScaledDeployment(folder, cluster, await openPostgres(cluster.url));
  }

  /** Grows up to so many certificates, and has PostgreSQL look at what it holds now; resolves to certificates a second. */
  async grow(count: number, say: (text: string) => unknown): Promise<number> {
    const { progress, seconds } = await seedDeployment(this.settings, count, say);
    await this.pool.query('vacuum analyze');
    await this.pool.query('checkpoint');
    return progress.issued / seconds;
  }

  /** Runs work with PostgreSQL on one core; connections that are open already stay where they are. */
  async onCore<T>(core: string | undefined, work: () => Promise<T>): Promise<T> {
    if (core === undefined) return work();
    const before = pinProcess(this.#cluster.processId, core);
    try {
      return await work();
    } finally {
      pinProcess(this.#cluster.processId, before);
    }
  }

  /** Octets of the whole database. */
  async octets(): Promise<number> {
    const { rows } = await this.pool.query<{ octets: string }>(
      'select pg_database_size(current_database()) as octets',
    );
    return Number(rows[0].octets);
  }

  async postgresVersion(): Promise<string> {
    const { rows } = await this.pool.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return rows[0].version;
  }

  /** Seconds of `mohr fsck`; rejects when it finds anything. */
  async fsck(): Promise<number> {
    const mohr = fileURLToPath(
      new URL(`../../cli/mohr${extname(fileURLToPath(import.meta.url))}`, import.meta.url),
    );
    const flags = ['--database-url', this.settings.databaseUrl, '--data-dir', this.folder];
    const started = performance.now();
    const child = spawn(process.execPath, [...process.execArgv, mohr, 'fsck', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let found = '';
    child.stdout.on('data', (chunk: Buffer) => (found = (found + chunk.toString()).slice(0, 2_000)));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`fsck ended with ${String(code)}: ${found}`);
    return (performance.now() - started) / 1000;
  }

  roster(name: string): string {
    return join(this.folder, name);
  }

  async close(): Promise<void> {
    await this.#close();
    await this.#cluster.stop();
  }
}
