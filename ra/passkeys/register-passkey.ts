import { randomBytes } from 'node:crypto';

import { newId } from '../../core/ids.ts';
import { actorOf } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { recordOfOfficer } from '../sign-in.ts';
import type { SignInHouse } from '../sign-in-house.ts';
import { claimedChallenge } from './challenged-response.ts';
import type { CeremonyJson, CreationOptions, NewPasskey } from './passkey-ceremony.ts';
import type { Passkey, PasskeyId } from './passkey-store.ts';
import { CHALLENGE_OCTETS, CHALLENGE_SECONDS } from './sign-in-with-passkey.ts';

/** More keys than anybody carries; bounds what a browser is told to leave out. */
const PASSKEYS_MAX = 10;

/** What a browser needs to make a passkey for the officer. */
export async function challengeForRegistration(
  house: SignInHouse,
  officer: Officer,
): Promise<CreationOptions> {
  const now = house.clock.now();
  const challenge = randomBytes(CHALLENGE_OCTETS);
  const expiresAt = new Date(now.getTime() + CHALLENGE_SECONDS * 1000);
  const known = await house.transactions.transaction(async (tx) => {
    await house.challenges.insert(
      tx,
      { purpose: 'registration', officerId: officer.id, challenge, expiresAt },
      now,
    );
    return house.passkeys.listOf(tx, officer.id);
  });
  return house.passkeyCeremony.registrationOptions(officer, challenge, known);
}

/** Keeps a new passkey; throws RaError `registration-invalid`, `credential-in-use` or `passkeys-too-many`. */
export async function registerPasskey(
  house: SignInHouse,
  officer: Officer,
  { name, response }: { name: string; response: CeremonyJson },
): Promise<Passkey> {
  const made = await verified(house, officer, response);
  const passkey: Passkey = {
    id: newId(house.clock),
    officerId: officer.id,
    name,
    ...made,
    createdAt: house.clock.now(),
  };
  await house.transactions.transaction(async (tx) => {
    if ((await house.passkeys.listOf(tx, officer.id)).length >= PASSKEYS_MAX)
      throw new RaError('passkeys-too-many', `an officer has ${PASSKEYS_MAX} passkeys at most`);
    if (!(await house.passkeys.insert(tx, passkey)))
      throw new RaError('credential-in-use', 'this passkey is registered already');
    await recordOfOfficer(house, tx, actorOf(officer), 'register-passkey', officer.id, {
      passkey: passkey.id,
    });
  });
  return passkey;
}

async function verified(house: SignInHouse, officer: Officer, response: CeremonyJson): Promise<NewPasskey> {
  const claimed = claimedChallenge(response);
  const taken =
    claimed &&
    (await house.transactions.transaction((tx) => house.challenges.take(tx, claimed, house.clock.now())));
  if (taken?.purpose === 'registration' && taken.officerId === officer.id) {
    const made = await house.passkeyCeremony.verifyRegistration(response, taken.challenge);
    if (!('fault' in made)) return made;
  }
  throw new RaError(
    'registration-invalid',
    'the passkey was not accepted: it has to verify its user, and to be made for this address within five minutes',
  );
}

export function listPasskeys(house: SignInHouse, officer: Officer): Promise<Passkey[]> {
  return house.transactions.transaction((tx) => house.passkeys.listOf(tx, officer.id));
}

/** Throws RaError `passkey-unknown`; another officer's does not exist. */
export async function removePasskey(house: SignInHouse, officer: Officer, id: PasskeyId): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    const now = house.clock.now();
    if (!(await house.passkeys.remove(tx, officer.id, id, now)))
      throw new RaError('passkey-unknown', 'no such passkey');
    await recordOfOfficer(house, tx, actorOf(officer), 'remove-passkey', officer.id, { passkey: id });
  });
}
