import { addDuration, parseDuration } from '../../core/duration.ts';
import type { Profile } from '../profile.ts';
import { CeremonyError } from './ceremony-error.ts';

/** What an act asks of the profile under which it works. */
export interface ProfileTerms {
  purpose: 'root' | 'intermediate';
  /** Shorter than the profile's, where the act says so. */
  validity?: string | undefined;
  now: Date;
}

/** The profile with the act's own validity. Throws CeremonyError `profile-unexpected` or `validity-exceeds-profile`. */
export function profileForAct(profile: Profile, { purpose, validity, now }: ProfileTerms): Profile {
  if (profile.purpose !== purpose) {
    const detail = `profile ${profile.id} is for ${profile.purpose}, the act needs ${purpose}`;
    throw new CeremonyError('profile-unexpected', detail);
  }
  if (validity === undefined) return profile;
  const [wanted, allowed] = [validity, profile.validity].map((text) => addDuration(now, parseDuration(text)));
  if (wanted > allowed) {
    const detail = `validity ${validity} exceeds ${profile.validity} of profile ${profile.id}`;
    throw new CeremonyError('validity-exceeds-profile', detail);
  }
  return { ...profile, validity };
}
