import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../../core/errors.ts';
import { Database } from '../../db/database.ts';
import { median } from '../median.ts';
import { benchCores } from '../pinned-process.ts';
import { sizeName } from '../report.ts';
import type { BenchFigure, BenchReport } from '../report.ts';
import { figuresOf, measureSearch } from '../search.ts';
import { wrkVersion } from '../wrk.ts';
import { measureIssuance } from './measure-issuance.ts';
import type { IssuanceRun } from './measure-issuance.ts';
import { measureResponders } from './measure-responders.ts';
import type { MeasuredResponder } from './measure-responders.ts';
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
 * Beside the largest stands another deployment of the smallest size, measured in turns with it: half an hour apart, what the
 * machine does by itself would count as growth.
 */
export async function benchScale(options: Partial<ScaleBenchOptions> = {}): Promise<BenchReport> {
  const settings = { ...DEFAULTS, ...options };
  if ((await wrkVersion()) === undefined)
    throw new DomainError('usage', 'mohr bench scale needs wrk (Debian: apt-get install wrk)');
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-scale-'));
  const load = loadavg()[0].toFixed(2);
  const growing = await openIn(folder);
  let small: ScaledDeployment | undefined;
  try {
    const figures: BenchFigure[] = [];
    for (const [step, size] of settings.sizes.entries()) {
      const isLargest = step > 0 && step === settings.sizes.length - 1;
      if (isLargest) small = await openIn(folder);
      figures.push(...(await measureSize({ growing, small }, { ...settings, size, step })));
    }
    return {
      bench: 'scale',
      conditions: {
        cpu: `${cpus().length} × ${cpus()[0].model}`,
        node: process.versions.node,
        postgresql: `${await growing.postgresVersion()}, fsync on`,
        'load before': load,
        ...settings,
        sizes: settings.sizes.join(' '),
      },
      figures,
    };
  } finally {
    await growing.close();
    await small?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** With a folder of its own. */
async function openIn(folder: string): Promise<ScaledDeployment> {
  return ScaledDeployment.open(await mkdtemp(join(folder, 'deployment-')));
}

type SizeTerms = ScaleBenchOptions & { size: number; step: number };

interface Measured {
  growing: ScaledDeployment;
  /** Of the first size, beside the last one. */
  small: ScaledDeployment | undefined;
}

async function measureSize({ growing, small }: Measured, terms: SizeTerms): Promise<BenchFigure[]> {
  const { size, sizes, questions, rows, runs, step } = terms;
  const figure = (what: string, value: number, unit: string): BenchFigure => ({
    id: `scale.${what}_${sizeName(size)}`,
    value: Number(value.toPrecision(4)),
    unit,
    curve: { id: `scale.${what}`, size },
  });
  const say = (text: string) => process.stderr.write(text);
  const seeded = await growing.grow(size, say);
  await small?.grow(sizes[0], say);
  say(`scale: measuring with ${size} certificates\n`);
  const deployments = small ? [growing, small] : [growing];
  const firstSeed = FIRST_SEED + step * (runs + 1) * rows;
  const issued = await measureIssuance(deployments, { rows, runs, firstSeed });
  const cores = benchCores();
  const responders = await measureResponders(deployments, {
    ...terms,
    serverCore: cores?.server,
    wrk: {
      folder: growing.folder,
      connections: terms.connections,
      seconds: terms.seconds,
      core: cores?.load,
    },
  });
  const kinds = figuresOf(await measureSearch(new Database(growing.pool), { questions }));
  // Each kind of question where it is hardest only.
  const search = size === sizes.at(-1) ? kinds : kinds.slice(0, 2);
  const fsckSeconds = await growing.fsck();
  const [{ runs: answered, loadSeconds, residentMib, octetsPerCertificate }] = responders;
  const figures: BenchFigure[] = [
    figure('seed', seeded, 'certificates/s'),
    figure('issuance', medianOf(issued[0], 'perSecond'), 'certificates/s'),
    figure('issuance_processor', medianOf(issued[0], 'processor'), 'µs/certificate'),
    figure('ocsp_post', medianOf(answered.post, 'requestsPerSecond'), 'answers/s'),
    figure('ocsp_post_p99', medianOf(answered.post, 'p99Milliseconds'), 'ms'),
    figure('ocsp_nonce', medianOf(answered.nonce, 'requestsPerSecond'), 'answers/s'),
    figure('ocsp_nonce_p99', medianOf(answered.nonce, 'p99Milliseconds'), 'ms'),
    figure('ocsp_load', loadSeconds, 's'),
    figure('ocsp_memory', residentMib, 'MiB'),
    figure('ocsp_octets', octetsPerCertificate, 'octets/certificate'),
    ...search.map(({ id, value, unit }) => figure(id.replace('.', '_'), value, unit)),
    figure('fsck', fsckSeconds, 's'),
    figure('database', (await growing.octets()) / 2 ** 30, 'GiB'),
  ];
  return small ? [...figures, ...growthFigures(issued, responders, sizeName(sizes[0]))] : figures;
}

/** What the largest deployment comes to beside the small one. */
function growthFigures(
  [issued, issuedBeside]: readonly IssuanceRun[][],
  [responder, beside]: readonly MeasuredResponder[],
  small: string,
): BenchFigure[] {
  const unit = `of the rate with ${small}, in turns`;
  return [
    growth('ocsp_post', ratio(responder.runs.post, beside.runs.post, 'requestsPerSecond'), unit),
    growth('ocsp_nonce', ratio(responder.runs.nonce, beside.runs.nonce, 'requestsPerSecond'), unit),
    growth('issuance', ratio(issued, issuedBeside, 'perSecond'), unit),
    growth('issuance_processor', ratio(issued, issuedBeside, 'processor'), `of the time with ${small}`),
  ];
}

function growth(what: string, value: number, unit: string): BenchFigure {
  return { id: `scale.growth_${what}`, value: Number(value.toFixed(3)), unit };
}

function medianOf<What extends string>(runs: readonly Record<What, number>[], what: What): number {
  return median(runs.map((run) => run[what]));
}

/** The median of what each run is to the one that stood beside it. */
function ratio<What extends string>(
  runs: readonly Record<What, number>[],
  beside: readonly Record<What, number>[],
  what: What,
): number {
  return median(runs.map((run, at) => run[what] / beside[at][what]));
}
