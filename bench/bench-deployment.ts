import { pino } from 'pino';

import { openHouse } from '../cli/house.ts';
import { openDatabase } from '../cli/open-database.ts';
import { readSettings } from '../cli/settings.ts';
import type { Settings } from '../cli/settings.ts';
import { systemClock } from '../core/clock.ts';
import { onlyProcess } from '../db/pg-leader-lock.ts';

/** Makes authorities and officers, as a first start of the service does, and returns the settings that open them. */
export async function makeBenchDeployment(databaseUrl: string, folder: string): Promise<Settings> {
  const settings = benchSettings(databaseUrl, folder);
  const opened = await openDatabase(settings);
  const logger = pino({ level: 'silent' });
  const house = await openHouse({ ...settings, opened, crlLock: onlyProcess, clock: systemClock, logger });
  await house.close();
  await opened.close();
  return settings;
}

/** What opens a deployment whose authorities are in a folder. */
export function benchSettings(databaseUrl: string, folder: string): Settings {
  const args = ['--database-url', databaseUrl, '--data-dir', folder, '--public-url', 'http://mohr.test'];
  const outcome = readSettings(args, {});
  if (outcome.faults) throw new Error(outcome.faults.join('; '));
  return outcome.settings;
}
