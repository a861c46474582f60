import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { openPostgres } from '../db/open-postgres.ts';
import type { WorkerAnswer } from './issuance-worker-protocol.ts';
import { median } from './median.ts';
import { PinnedProcess } from './pinned-process.ts';
import type { BenchFigure } from './report.ts';
import { seedCertificates } from './seed-certificates.ts';
import { writeBenchRoster } from './write-bench-roster.ts';

export interface GrowthOptions {
  folder: string;
  /** A cluster with fsync on; each size has a database of its own there. */
  databaseUrl: string;
  serverCore: string | undefined;
  /** Certificates of one run, and runs at each size, whose median counts. */
  rows: number;
  runs: number;
  /** Certificates that the two databases hold at first. */
  sizes?: Record<'small' | 'large', number>;
}

const SIZES = { small: 10_000, large: 1_000_000 };

/** Beyond those of the rosters of other runs. */
const FIRST_SEED = 500_000;

/**
 * What a database that holds 1,000,000 certificates costs: bulk rates of a campaign into it, divided by those into one that
 * holds 10,000. Runs alternate, so that both have the same machine.
 */
export async function issuanceGrowth(options: GrowthOptions): Promise<BenchFigure[]> {
  const folder = await mkdtemp(join(options.folder, 'growth-'));
  const sites: GrownSite[] = [];
  try {
    for (const [name, size] of Object.entries(options.sizes ?? SIZES))
      sites.push(await GrownSite.open(name, size, folder, options));
    const ratios: number[] = [];
    const processor: number[] = [];
    let seed = FIRST_SEED;
    for (let run = 0; run <= options.runs; run += 1) {
      const [small, large] = [await sites[0].run(seed), await sites[1].run(seed)];
      seed += options.rows;
      // The first one warms up.
      if (run === 0) continue;
      ratios.push(large.rate / small.rate);
      processor.push(large.processor / small.processor);
    }
    return [
      { id: 'issuance.growth', value: round(median(ratios)), unit: 'of the rate with 10,000' },
      { id: 'issuance.growth_processor', value: round(median(processor)), unit: 'of the time with 10,000' },
    ];
  } finally {
    for (const site of sites) await site.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A database of some size, and the process that issues into it. */
class GrownSite {
  readonly #worker: PinnedProcess;
  readonly #folder: string;
  readonly #rows: number;

  private constructor(worker: PinnedProcess, folder: string, rows: number) {
    this.#worker = worker;
    this.#folder = folder;
    this.#rows = rows;
  }

  static async open(
    name: string,
    size: number,
    parent: string,
    { databaseUrl, serverCore, rows }: GrowthOptions,
  ): Promise<GrownSite> {
    const folder = await mkdtemp(join(parent, `${name}-`));
    const url = await createDatabase(databaseUrl, `growth_${name}`);
    const site = new GrownSite(PinnedProcess.start('issuance-worker', serverCore), folder, rows);
    try {
      await site.#worker.ask<WorkerAnswer>({ kind: 'open', databaseUrl: url, folder });
      await site.#fill(url, size);
      return site;
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  async #fill(url: string, size: number): Promise<void> {
    // The one that the others are copies of.
    const first = join(this.#folder, 'first.ndjson');
    await writeBenchRoster(first, 1, FIRST_SEED - 1);
    await this.#worker.ask<WorkerAnswer>({ kind: 'bulk', roster: first });
    const opened = await openPostgres(url);
    try {
      await seedCertificates(opened.pool, size);
    } finally {
      await opened.close();
    }
  }

  async run(seed: number): Promise<{ rate: number; processor: number }> {
    const roster = join(this.#folder, 'roster.ndjson');
    await writeBenchRoster(roster, this.#rows, seed);
    const before = this.#worker.cpuMicroseconds;
    const { milliseconds } = await this.#worker.ask<WorkerAnswer>({ kind: 'bulk', roster });
    return {
      rate: (this.#rows * 1000) / milliseconds[0],
      processor: (this.#worker.cpuMicroseconds - before) / this.#rows,
    };
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }
}

async function createDatabase(clusterUrl: string, name: string): Promise<string> {
  const opened = await openPostgres(clusterUrl);
  await opened.pool.query(`create database ${name}`);
  await opened.close();
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
