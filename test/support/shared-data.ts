import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env.MOHR_SHARED_DATA ?? resolve(import.meta.dirname, '../../../shared/data');

/** A folder of the sample data beside the checkout (or under MOHR_SHARED_DATA); undefined and a loud line when absent. */
export function sharedDataFolder(name: string): string | undefined {
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  process.stderr.write(
    `\n*** NOT TESTED: ${folder} is absent; set MOHR_SHARED_DATA to where ${name} is ***\n\n`,
  );
  return undefined;
}
