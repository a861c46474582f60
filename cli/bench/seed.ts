import { performance } from 'node:perf_hooks';

import { pino } from 'pino';

import { SEED_COUNT_MAX } from '../../bench/seed/seed-plan.ts';
import { seedDatabase } from '../../bench/seed/seed-database.ts';
import type { SeedProgress } from '../../bench/seed/seed-database.ts';
import { assertSeedable } from '../../bench/seed/seedable-database.ts';
import { systemClock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import { withCampaignHouse } from '../campaign/campaign-house.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { openHouse } from '../house.ts';
import { openDatabase } from '../open-database.ts';
import type { Settings } from '../settings.ts';
import { openStores } from '../stores.ts';

const DEFAULT_COUNT = 1_000_000;
const REPORT_MILLISECONDS = 5_000;

/**
 * `mohr bench seed [--count N] [--into-existing] [settings]`: fills an empty database with certificates of invented people, signed by
 * the deployment's CAs. Run again, it goes on up to the count.
 */
export async function seed(args: string[]): Promise<number> {
  const line = readCommandLine(
    {
      usage:
        'bench seed [--count <N>] [--into-existing] [--database-url <url>] [--data-dir <folder>] [flags]',
      operands: 0,
      values: ['count'],
      switches: ['into-existing'],
    },
    args,
    process.env,
  );
  if (!line) return USAGE_EXIT_CODE;
  const count = readCount(line.values['count']);
  const { settings } = line;
  if (!line.switches.has('into-existing')) await assertSeedable(settings);
  const { progress, seconds } = await seedDeployment(settings, count, (text) => process.stderr.write(text));
  const perSecond = progress.issued === 0 ? 0 : Math.round(progress.issued / seconds);
  process.stdout.write(`${JSON.stringify({ ...progress, seconds: Math.round(seconds), perSecond })}\n`);
  return 0;
}

/** Makes authorities and officers where there are none, then seeds; what it resolves to leaves the first out of its time. */
export async function seedDeployment(
  settings: Settings,
  count: number,
  say: (text: string) => unknown,
): Promise<{ progress: SeedProgress; seconds: number }> {
  await makeDeployment(settings);
  return withCampaignHouse({ settings, clock: systemClock }, async (house) => {
    const started = performance.now();
    let told = started;
    let progress: SeedProgress | undefined;
    for await (progress of seedDatabase(house, count)) {
      const now = performance.now();
      if (now - told < REPORT_MILLISECONDS) continue;
      told = now;
      const rate = Math.round((progress.issued * 1000) / (now - started));
      say(`seed: ${progress.certificates} of ${count} certificates, ${rate}/s\n`);
    }
    return { progress: progress!, seconds: (performance.now() - started) / 1000 };
  });
}

/** As a first start of the service does; where somebody works already, nothing. */
async function makeDeployment(settings: Settings): Promise<void> {
  const opened = await openDatabase(settings);
  try {
    const { database, officers } = openStores(opened);
    if ((await database.transaction((tx) => officers.listOfficers(tx))).length > 0) return;
    const logger = pino({ level: 'silent' });
    const options = { ...settings, opened, crlLock: onlyProcess, clock: systemClock, logger };
    await (await openHouse(options)).close();
  } finally {
    await opened.close();
  }
}

function readCount(text: string | undefined): number {
  if (text === undefined) return DEFAULT_COUNT;
  const count = /^[0-9]{1,7}$/.test(text) ? Number(text) : NaN;
  if (count > 0 && count <= SEED_COUNT_MAX) return count;
  throw new DomainError('usage', `--count: "${text}" is no number from 1 to ${SEED_COUNT_MAX}`);
}
