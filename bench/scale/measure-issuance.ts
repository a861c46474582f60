import type { WorkerAnswer } from '../issuance-worker-protocol.ts';
import { PinnedProcess, benchCores } from '../pinned-process.ts';
import { writeBenchRoster } from '../write-bench-roster.ts';
import type { ScaledDeployment } from './scaled-deployment.ts';

export interface IssuanceTerms {
  /** Certificates of one campaign. */
  rows: number;
  /** Runs that count, after one that warms up. */
  runs: number;
  /** Of the first holder of the rosters: nobody who is seeded, nor of other rosters into the same deployment. */
  firstSeed: number;
}

export interface IssuanceRun {
  perSecond: number;
  /** Processor time of the process that issues, in µs a certificate. */
  processor: number;
}

/** Campaigns into what is there; the runs of several deployments alternate, so that all have the same machine. */
export async function measureIssuance(
  deployments: readonly ScaledDeployment[],
  { rows, runs, firstSeed }: IssuanceTerms,
): Promise<IssuanceRun[][]> {
  const cores = benchCores();
  return onCore(deployments, cores?.load, async () => {
    const campaigns: Campaign[] = [];
    try {
      for (const deployment of deployments) campaigns.push(await Campaign.open(deployment, cores?.server));
      const measured: IssuanceRun[][] = deployments.map(() => []);
      for (let run = 0; run <= runs; run += 1)
        for (const [at, campaign] of campaigns.entries()) {
          const one = await campaign.run(firstSeed + run * rows, rows);
          if (run > 0) measured[at].push(one);
        }
      return measured;
    } finally {
      for (const campaign of campaigns) await campaign.stop();
    }
  });
}

function onCore<T>(
  [first, ...others]: readonly ScaledDeployment[],
  core: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return first === undefined ? work() : first.onCore(core, () => onCore(others, core, work));
}

/** The process that issues into a deployment. */
class Campaign {
  readonly #deployment: ScaledDeployment;
  readonly #worker: PinnedProcess;

  private constructor(deployment: ScaledDeployment, worker: PinnedProcess) {
    this.#deployment = deployment;
    this.#worker = worker;
  }

  static async open(deployment: ScaledDeployment, core: string | undefined): Promise<Campaign> {
    const { folder, settings } = deployment;
    const campaign = new Campaign(deployment, PinnedProcess.start('issuance-worker', core));
    const order = { kind: 'open', databaseUrl: settings.databaseUrl, folder, isMade: true };
    await campaign.#worker.ask<WorkerAnswer>(order).catch(async (error: unknown) => {
      await campaign.stop();
      throw error;
    });
    return campaign;
  }

  async run(seed: number, rows: number): Promise<IssuanceRun> {
    const roster = this.#deployment.roster('roster.ndjson');
    await writeBenchRoster(roster, rows, seed);
    const before = this.#worker.cpuMicroseconds;
    const { milliseconds } = await this.#worker.ask<WorkerAnswer>({ kind: 'bulk', roster });
    const processor = (this.#worker.cpuMicroseconds - before) / rows;
    return { perSecond: (rows * 1000) / milliseconds[0], processor };
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }
}
