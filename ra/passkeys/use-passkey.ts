import type { Transaction } from '../../core/transaction.ts';
import { RaError } from '../ra-error.ts';
import type { SignInHouse } from '../sign-in-house.ts';
import { claimedCredential } from './challenged-response.ts';
import type { CeremonyJson, VerifiedAssertion } from './passkey-ceremony.ts';
import type { Passkey } from './passkey-store.ts';

/**
 * Verifies an assertion and counts the use of its passkey; undefined when it does not hold. Throws RaError
 * `sign-count-regression`.
 *
 * @see WebAuthn L2 §7.2
 */
export async function usePasskey(
  { passkeys, passkeyCeremony, clock }: Pick<SignInHouse, 'passkeys' | 'passkeyCeremony' | 'clock'>,
  tx: Transaction,
  response: CeremonyJson,
  challenge: Buffer,
): Promise<{ passkey: Passkey; assertion: VerifiedAssertion } | undefined> {
  const credentialId = claimedCredential(response);
  const passkey = credentialId && (await passkeys.lock(tx, credentialId));
  if (!passkey) return undefined;
  const assertion = await passkeyCeremony.verifyAssertion(response, challenge, passkey);
  if ('fault' in assertion) return undefined;
  assertCounterMoved(passkey, assertion);
  await passkeys.recordUse(tx, passkey.id, assertion.signCount, clock.now());
  return { passkey, assertion };
}

/** A counter that stands still or goes back: the key exists twice (§6.1.1). Synced passkeys have none, and say 0 for ever. */
function assertCounterMoved({ signCount: known }: Passkey, { signCount }: VerifiedAssertion): void {
  if (signCount > known || (signCount === 0 && known === 0)) return;
  throw new RaError(
    'sign-count-regression',
    'this passkey has been copied, or its counter was reset; it is not accepted: have it removed and enrol a new one',
  );
}
