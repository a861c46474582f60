import { randomBytes } from 'node:crypto';

import { attempting } from '../lockout.ts';
import { RaError } from '../ra-error.ts';
import { openSession } from '../sign-in.ts';
import type { Caller, NewSession } from '../sign-in.ts';
import type { SignInHouse } from '../sign-in-house.ts';
import { claimedChallenge, claimedCredential } from './challenged-response.ts';
import type { CeremonyJson, RequestOptions } from './passkey-ceremony.ts';
import { usePasskey } from './use-passkey.ts';

/** Time to find the key and touch it. */
export const CHALLENGE_SECONDS = 5 * 60;
export const CHALLENGE_OCTETS = 32;

/** What a browser needs to ask for any passkey of this service: nobody has to say who they are. */
export async function challengeForSignIn(house: SignInHouse): Promise<RequestOptions> {
  const now = house.clock.now();
  const challenge = randomBytes(CHALLENGE_OCTETS);
  const expiresAt = new Date(now.getTime() + CHALLENGE_SECONDS * 1000);
  await house.transactions.transaction((tx) =>
    house.challenges.insert(tx, { purpose: 'sign-in', challenge, expiresAt }, now),
  );
  return house.passkeyCeremony.requestOptions(challenge);
}

/**
 * Opens a session for whose passkey has signed the challenge. Throws RaError `assertion-invalid`, which does not say why,
 * `sign-count-regression` and `locked-out`.
 */
export function signInWithPasskey(
  house: SignInHouse,
  response: CeremonyJson,
  caller: Caller,
): Promise<NewSession> {
  const credentialId = claimedCredential(response) ?? Buffer.alloc(0);
  const subjects = [`address:${caller.address}`, `credential:${credentialId.toString('base64url')}`];
  return attempting(house, subjects, async () => {
    const challenge = await takeChallenge(house, response);
    try {
      return await house.transactions.transaction(async (tx) => {
        const used = await usePasskey(house, tx, response, challenge);
        const officer = used && (await house.officers.findOfficer(tx, used.passkey.officerId));
        if (!officer) throw notAccepted();
        await house.lockouts.clear(tx, subjects[1]);
        return openSession(house, tx, officer, { method: 'passkey' }, caller);
      });
    } catch (error) {
      if (error instanceof RaError && error.code === 'sign-count-regression')
        await recordRegression(house, credentialId);
      throw error;
    }
  });
}

/** Nobody is signed in, so the edge does not record this refusal; a copied key is worth an event. */
async function recordRegression(house: SignInHouse, credentialId: Buffer): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    const passkey = await house.passkeys.lock(tx, credentialId);
    await house.audit.record(tx, {
      at: house.clock.now(),
      actor: { kind: 'anonymous', id: 'sign-in' },
      action: 'sign-in',
      outcome: 'refused',
      subject: `officer:${passkey?.officerId ?? 'unknown'}`,
      refusalCode: 'sign-count-regression',
      details: { ...(passkey && { passkey: passkey.id }) },
    });
  });
}

/** Used up even when what follows fails: nobody tries a second signature on it. */
async function takeChallenge(house: SignInHouse, response: CeremonyJson): Promise<Buffer> {
  const claimed = claimedChallenge(response);
  const taken =
    claimed &&
    (await house.transactions.transaction((tx) => house.challenges.take(tx, claimed, house.clock.now())));
  if (taken?.purpose !== 'sign-in') throw notAccepted();
  return taken.challenge;
}

function notAccepted(): RaError {
  return new RaError(
    'assertion-invalid',
    'the passkey was not accepted; ask for a new challenge and try again',
  );
}
