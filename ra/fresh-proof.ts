import { countCredentials } from './count-credentials.ts';
import type { CredentialHouse } from './count-credentials.ts';
import { RaError } from './ra-error.ts';
import type { LivingSession } from './sign-in.ts';
import type { SignInHouse } from './sign-in-house.ts';

/** Time to find another key and name it; whoever finds a desk that was left comes later. */
const PROOF_SECONDS = 10 * 60;

/**
 * Throws RaError `proof-outdated` unless the session was opened minutes ago, which is when its officer has proved who they are; signing
 * in again is the way to do so again. A link proves nothing any more once its officer has a passkey or a certificate.
 *
 * @see OWASP ASVS 5.0 7.5.1, 7.5.2
 */
export async function assertFreshProof(
  house: CredentialHouse & Pick<SignInHouse, 'clock'>,
  { officer, method, createdAt }: Pick<LivingSession, 'officer' | 'method' | 'createdAt'>,
): Promise<void> {
  const age = (house.clock.now().getTime() - createdAt.getTime()) / 1000;
  const isFresh =
    age <= PROOF_SECONDS && (method !== 'link' || (await countCredentials(house, officer)) === 0);
  if (!isFresh)
    throw new RaError(
      'proof-outdated',
      `sign in again with a passkey or a certificate: this needs a proof that is at most ${PROOF_SECONDS / 60} minutes old`,
    );
}
