import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CaError } from '../ca/ca-error.ts';
import { loadProfiles } from '../ca/load-profiles.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/** Folder of the profiles that ship with this version. */
export const SHIPPED_PROFILES = join(PACKAGE_ROOT, 'ca', 'profiles');

/** The profiles that ship, and those of `<data directory>/profiles`, e.g. for a sister CA; an id stands for one of them only. */
export async function loadDeploymentProfiles(dataDirectory: string): Promise<Profiles> {
  const shipped = await loadProfiles(SHIPPED_PROFILES);
  const folder = join(dataDirectory, 'profiles');
  if (!existsSync(folder)) return shipped;
  const own = await loadProfiles(folder);
  for (const id of own.keys()) {
    if (shipped.has(id))
      throw new CaError('profile-invalid', `${folder}: profile ${id} ships with this version`);
  }
  return new Map([...shipped, ...own]);
}
