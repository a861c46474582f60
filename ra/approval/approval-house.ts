import type { ChallengeStore } from '../passkeys/challenge-store.ts';
import type { ActivationHouse } from '../activation/activation-house.ts';
import type { SignInHouse } from '../sign-in-house.ts';
import type { OfficerCredentials } from './approval-store.ts';

/** What approving works with. */
export type ApprovalHouse = ActivationHouse &
  Pick<SignInHouse, 'passkeys' | 'passkeyCeremony' | 'lockouts'> & {
    challenges: ChallengeStore;
    officerCredentials: OfficerCredentials;
  };
