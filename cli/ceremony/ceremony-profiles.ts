import { resolve } from 'node:path';

import type { ProfileReference } from '../../ca/ceremony/act.ts';
import { CeremonyError } from '../../ca/ceremony/ceremony-error.ts';
import { parseProfile } from '../../ca/load-profiles.ts';
import type { Profiles } from '../../ca/load-profiles.ts';
import type { Profile } from '../../ca/profile.ts';
import { SHIPPED_PROFILES, loadDeploymentProfiles } from '../deployment-profiles.ts';
import { readBounded, sha256Of } from './ceremony-files.ts';

/** The profiles of one ceremony; keeps which file was used. */
export class CeremonyProfiles {
  used: { id: string; version: number; sha256: string } | undefined;
  readonly #folder: string;
  readonly #dataDirectory: string;

  constructor(folders: { reviewedFile: string; dataDirectory: string }) {
    this.#folder = folders.reviewedFile;
    this.#dataDirectory = folders.dataDirectory;
  }

  /** Reads `<id>.yaml`; throws CeremonyError `profile-unexpected` when it is another version than the one reviewed, or changed. */
  async read({ id, version, sha256, folder }: ProfileReference): Promise<Profile> {
    const path = resolve(
      folder === undefined ? SHIPPED_PROFILES : resolve(this.#folder, folder),
      `${id}.yaml`,
    );
    const contents = await readBounded(path);
    const profile = parseProfile(contents.toString('utf8'), `${id}.yaml`);
    if (profile.id !== id || profile.version !== version) {
      const detail = `${path} is ${profile.id}@${profile.version}, the reviewed file says ${id}@${version}`;
      throw new CeremonyError('profile-unexpected', detail);
    }
    const actual = sha256Of(contents);
    if (sha256 !== undefined && actual !== sha256) {
      throw new CeremonyError(
        'profile-unexpected',
        `${path} has SHA-256 ${actual}, the reviewed file says ${sha256}`,
      );
    }
    this.used = { id, version, sha256: actual };
    return profile;
  }

  /** All profiles of the deployment. */
  deployment(): Promise<Profiles> {
    return loadDeploymentProfiles(this.#dataDirectory);
  }
}
