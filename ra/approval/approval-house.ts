import type { ChallengeStore } from '../passkeys/challenge-store.ts';
import type { RegistrationHouse } from '../registration-house.ts';
import type { SignInHouse } from '../sign-in-house.ts';
import type { OfficerCredentials } from './approval-store.ts';

/** What approving works with. */
export type ApprovalHouse = RegistrationHouse &
  Pick<SignInHouse, 'passkeys' | 'passkeyCeremony' | 'lockouts'> & {
    challenges: ChallengeStore;
    officerCredentials: OfficerCredentials;
  };
