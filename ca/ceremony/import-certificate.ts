import type { AuthorityRecord } from '../authority/authority-store.ts';
import { offersProfile } from '../authority/offered-profiles.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { LintReport } from '../lint/lint.ts';
import { CeremonyError } from './ceremony-error.ts';
import { registerAuthority } from './register-authority.ts';
import type { RegisterHouse, RegisterInputs } from './register-authority.ts';

export interface ImportInputs extends RegisterInputs {
  crlShards: number;
  /** Ids of the profiles that it offers; absent: all of its level. */
  profiles?: readonly string[] | undefined;
  /** All of the deployment. */
  knownProfiles: Profiles;
}

/**
 * Takes the certificate of a new issuing CA into the deployment. Throws CeremonyError as `registerAuthority`, and
 * `profile-offered-twice` where another CA of the level issues the same profiles: applicants would be given either.
 */
export async function importCertificate(house: RegisterHouse, inputs: ImportInputs): Promise<LintReport[]> {
  const { crlShards, profiles } = inputs;
  profiles?.forEach((id) => requiredProfile(inputs.knownProfiles, id));
  return registerAuthority(house, inputs, (known) => {
    assertOfferedOnce(inputs, known);
    return { crlShards, ...(profiles && { profiles }) };
  });
}

function assertOfferedOnce(inputs: ImportInputs, known: readonly AuthorityRecord[]): void {
  const { assuranceLevel, profiles } = inputs;
  const toHolders = [...inputs.knownProfiles.values()].filter(({ purpose }) =>
    HOLDER_PURPOSES.includes(purpose),
  );
  const peers = known.filter(
    (one) => one.keyReference !== undefined && one.assuranceLevel === assuranceLevel,
  );
  for (const profile of toHolders) {
    const rival = peers.find((peer) => offersProfile(peer, profile));
    if (!rival || !offersProfile({ assuranceLevel, ...(profiles && { profiles }) }, profile)) continue;
    const advice = 'list other profiles, make it listedOnly, or roll over';
    throw new CeremonyError('profile-offered-twice', `${rival.id} offers ${profile.id} already; ${advice}`);
  }
}

const HOLDER_PURPOSES: readonly string[] = ['signing', 'authentication'];
