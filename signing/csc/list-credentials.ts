import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import type { Credential, CredentialReference } from '../sessions/credential.ts';
import { SESSION_ACTOR } from '../sessions/session.ts';
import type { CscHouse } from './csc-authorization.ts';
import type { CscCaller } from './csc-caller.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { credentialIdOf, describeCredential } from './describe-credential.ts';
import type { CredentialDescription, DescriptionWish } from './describe-credential.ts';
import { holderOfUserId } from './holder-of-user-id.ts';

export type CredentialWish = Omit<DescriptionWish, 'mode' | 'mayHandInDigests'>;

/**
 * A holder's credentials: of the one who has confirmed it, or, with a client's own token, of the one that `userID` names. That they
 * were listed is recorded. Throws CscError.
 */
export async function listCredentials(
  house: CscHouse,
  caller: CscCaller,
  { userId, onlyValid, ...wish }: CredentialWish & { userId?: string; onlyValid: boolean },
): Promise<CredentialDescription[]> {
  const { party } = caller;
  const now = house.clock.now();
  const found = await house.credentials.find(
    await holderFor(house, caller, userId),
    house.phoneProfiles,
    now,
  );
  const listed = found.filter((one) => !onlyValid || !faultOfCredential(one, now));
  await recordLook(house, party, 'list-csc-credentials', listed);
  const fullWish = { ...wish, ...(await termsFor(house, party)) };
  return listed.map((one) => describeCredential(one, house.chainOf(one.authorityId), fullWish, now));
}

/** One credential; throws CscError `Invalid parameter credentialID`, also for one of another holder. */
export async function readCredential(
  house: CscHouse,
  caller: CscCaller,
  { certificateSha256, ...wish }: CredentialWish & { certificateSha256: Buffer },
): Promise<CredentialDescription> {
  const { party } = caller;
  const now = house.clock.now();
  const reference = { certificateSha256 };
  const [credential] = await house.credentials.find(reference, house.phoneProfiles, now);
  if (!credential || !(await isOpenTo(house, caller, credential))) throw invalidParameter('credentialID');
  await recordLook(house, party, 'read-csc-credential', [credential]);
  const fullWish = { ...wish, ...(await termsFor(house, party)) };
  return describeCredential(credential, house.chainOf(credential.authorityId), fullWish, now);
}

/** What of a description depends on who asks. */
async function termsFor(house: Pick<CscHouse, 'redirectUris'>, party: RelyingParty) {
  return { mode: await modeOf(house, party), mayHandInDigests: party.mayHandInDigests };
}

/** A party whose pages a browser can come back to has holders asked by OAuth, others by a handle: each credential has one way. */
export async function modeOf(
  { redirectUris }: Pick<CscHouse, 'redirectUris'>,
  party: Pick<RelyingParty, 'id'>,
): Promise<'explicit' | 'oauth2code'> {
  return (await redirectUris.of(party.id)).length > 0 ? 'oauth2code' : 'explicit';
}

async function holderFor(
  house: CscHouse,
  { authorization }: CscCaller,
  userId: string | undefined,
): Promise<CredentialReference> {
  if (!authorization) {
    if (userId === undefined)
      throw new CscError('invalid_request', 'Missing (or invalid type) string parameter userID');
    return holderOfUserId(userId);
  }
  // §11.4: a holder's own authorization is for that holder.
  if (userId !== undefined) throw new CscError('invalid_request', 'userID parameter MUST be null');
  return holderOfAuthorization(house, authorization);
}

async function holderOfAuthorization(
  { sessions }: CscHouse,
  { userId, sessionId }: NonNullable<CscCaller['authorization']>,
): Promise<CredentialReference> {
  if (userId !== undefined) return holderOfUserId(userId);
  const session = await sessions.find(sessionId);
  return { certificateSha256: session!.credential!.certificateSha256 };
}

async function isOpenTo(
  house: CscHouse,
  { authorization }: CscCaller,
  credential: Credential,
): Promise<boolean> {
  if (!authorization) return true;
  const reference = await holderOfAuthorization(house, authorization);
  const own = await house.credentials.find(reference, house.phoneProfiles, house.clock.now());
  return own.some(({ certificateSha256 }) => certificateSha256.equals(credential.certificateSha256));
}

/** Certificates name people: who looked at which is not forgotten. */
async function recordLook(
  house: CscHouse,
  party: RelyingParty,
  action: string,
  credentials: readonly Credential[],
): Promise<void> {
  await house.transactions.transaction((tx) =>
    house.audit.record(tx, {
      at: house.clock.now(),
      actor: SESSION_ACTOR,
      action,
      outcome: 'accepted',
      subject: `relying-party:${party.id}`,
      details: { found: credentials.length, first: credentials[0] ? credentialIdOf(credentials[0]) : null },
    }),
  );
}
