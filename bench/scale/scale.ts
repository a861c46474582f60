import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../../core/errors.ts';
import { Database } from '../../db/database.ts';
import type { WorkerAnswer } from '../issuance-worker-protocol.ts';
import { median } from '../median.ts';
import { PinnedProcess, benchCores } from '../pinned-process.ts';
import { sizeName } from '../report.ts';
import type { BenchFigure, BenchReport } from '../report.ts';
import { figuresOf, measureSearch } from '../search.ts';
import { writeBenchRoster } from '../write-bench-roster.ts';
import { wrkVersion } from '../wrk.ts';
import { measureResponder } from './measure-responder.ts';
import { ScaledDeployment } from './scaled-deployment.ts';

export interface ScaleBenchOptions {
  /** Certificates at which everything is measured, growing. */
  sizes: number[];
  /** Certificates of one campaign into each size, and runs whose median counts after one that warms up. */
  rows: number;
  runs: number;
  /** Questions of each kind of search. */
  questions: number;
  /** Certificates that OCSP is asked about. */
  asked: number;
  connections: number;
  /** Seconds of one run of wrk. */
  seconds: number;
}

const DEFAULTS: ScaleBenchOptions = {
  sizes: [10_000, 100_000, 1_000_000],
  rows: 2_000,
  runs: 3,
  questions: 100,
  asked: 1_000,
  connections: 16,
  seconds: 1,
};

/** Holders of what is issued beside the seed; the seed's come before. */
const FIRST_SEED = 900_000;

/**
 * One deployment that is seeded in steps (`mohr bench seed`), and at each size: issuing into it, a responder that follows it, search
 * in it, and `mohr fsck` of all of it. Each server has one core, PostgreSQL and the clients the other; seeding and fsck have both.
 */
export async function benchScale(options: Partial<ScaleBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  if ((await wrkVersion()) === undefined)
    throw new DomainError('usage', 'mohr bench scale needs wrk (Debian: apt-get install wrk)');
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-scale-'));
  const load = loadavg()[0].toFixed(2);
  const deployment = await ScaledDeployment.open(folder);
  try {
    const figures: BenchFigure[] = [];
    for (const [step, size] of settings.sizes.entries())
      figures.push(...(await measureSize(deployment, { ...settings, size, step })));
    return {
      bench: 'scale',
      conditions: {
        cpu: `${cpus().length} × ${cpus()[0].model}`,
        node: process.versions.node,
        postgresql: `${await deployment.postgresVersion()}, fsync on`,
        'load before': load,
        ...settings,
        sizes: settings.sizes.join(' '),
      },
      figures: [...figures, ...growthOf(figures, settings.sizes)],
    };
  } finally {
    await deployment.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type SizeTerms = ScaleBenchOptions & { size: number; step: number };

async function measureSize(deployment: ScaledDeployment, terms: SizeTerms): Promise<BenchFigure[]> {
  const { size, sizes, questions } = terms;
  const figure = (what: string, value: number, unit: string): BenchFigure => ({
    id: `scale.${what}_${sizeName(size)}`,
    value: Number(value.toPrecision(4)),
    unit,
    curve: { id: `scale.${what}`, size },
  });
  const say = (text: string) => process.stderr.write(text);
  const seeded = await deployment.grow(size, say);
  say(`scale: measuring with ${size} certificates\n`);
  const issued = await measureIssuance(deployment, terms);
  const responder = await measureResponder(deployment, {
    ...terms,
    serverCore: benchCores()?.server,
    wrk: {
      folder: deployment.folder,
      connections: terms.connections,
      seconds: terms.seconds,
      core: benchCores()?.load,
    },
  });
  const kinds = figuresOf(await measureSearch(new Database(deployment.pool), { questions }));
  // Each kind of question where it is hardest only.
  const search = size === sizes.at(-1) ? kinds : kinds.slice(0, 2);
  const fsckSeconds = await deployment.fsck();
  return [
    figure('seed', seeded, 'certificates/s'),
    figure('issuance', issued.perSecond, 'certificates/s'),
    figure('issuance_processor', issued.processor, 'µs/certificate'),
    figure('ocsp_post', responder.postPerSecond, 'answers/s'),
    figure('ocsp_post_p99', responder.postP99, 'ms'),
    figure('ocsp_nonce', responder.noncePerSecond, 'answers/s'),
    figure('ocsp_nonce_p99', responder.nonceP99, 'ms'),
    figure('ocsp_load', responder.loadSeconds, 's'),
    figure('ocsp_memory', responder.residentMib, 'MiB'),
    figure('ocsp_octets', responder.octetsPerCertificate, 'octets/certificate'),
    ...search.map(({ id, value, unit }) => figure(id.replace('.', '_'), value, unit)),
    figure('fsck', fsckSeconds, 's'),
    figure('database', (await deployment.octets()) / 2 ** 30, 'GiB'),
  ];
}

/** A campaign into what is there: certificates a second, and processor time of the process that issues. */
async function measureIssuance(
  deployment: ScaledDeployment,
  { rows, runs, step }: SizeTerms,
): Promise<{ perSecond: number; processor: number }> {
  const cores = benchCores();
  return deployment.onCore(cores?.load, async () => {
    const worker = PinnedProcess.start('issuance-worker', cores?.server);
    try {
      const { folder, settings } = deployment;
      const order = { kind: 'open', databaseUrl: settings.databaseUrl, folder, isMade: true };
      await worker.ask<WorkerAnswer>(order);
      const measured: { perSecond: number; processor: number }[] = [];
      for (let run = 0; run <= runs; run += 1) {
        const roster = deployment.roster('roster.ndjson');
        await writeBenchRoster(roster, rows, FIRST_SEED + (step * (runs + 1) + run) * rows);
        const before = worker.cpuMicroseconds;
        const { milliseconds } = await worker.ask<WorkerAnswer>({ kind: 'bulk', roster });
        const processor = (worker.cpuMicroseconds - before) / rows;
        if (run > 0) measured.push({ perSecond: (rows * 1000) / milliseconds[0], processor });
      }
      return {
        perSecond: median(measured.map(({ perSecond }) => perSecond)),
        processor: median(measured.map(({ processor }) => processor)),
      };
    } finally {
      await worker.stop();
    }
  });
}

/** The rate at the largest size divided by that at the smallest. */
function growthOf(figures: readonly BenchFigure[], sizes: readonly number[]): BenchFigure[] {
  const at = (id: string, size: number) =>
    figures.find(({ curve }) => curve?.id === id && curve.size === size)!.value;
  const [first, last] = [sizes[0], sizes.at(-1)!];
  return ['ocsp_post', 'ocsp_nonce', 'issuance'].map((what) => ({
    id: `scale.growth_${what}`,
    value: Number((at(`scale.${what}`, last) / at(`scale.${what}`, first)).toFixed(3)),
    unit: `of the rate with ${sizeName(first)}`,
  }));
}
