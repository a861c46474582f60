import { randomBytes } from 'node:crypto';

import { digest } from '../../pki/digest-algorithm.ts';
import { readSession } from '../sessions/read-session.ts';
import { SESSION_ACTOR } from '../sessions/session.ts';
import { isOpen } from '../sessions/session-state.ts';
import { SAD_SECONDS, authorizationSubject } from './csc-authorization.ts';
import type { AuthorizationId, CscAuthorization, CscHouse } from './csc-authorization.ts';
import { CscError, invalidParameter } from './csc-error.ts';
import { refusalOfEnd } from './csc-refusals.ts';

const SAD_OCTETS = 32;

/** How the phone has answered so far. */
export async function isConfirmed(house: CscHouse, authorization: CscAuthorization): Promise<boolean> {
  const { sessionId, relyingPartyId } = authorization;
  const { session } = await readSession(house, { id: relyingPartyId }, sessionId);
  if (isOpen(session.state)) return false;
  if (session.state !== 'SIGNED') throw refusalOfEnd(session.state);
  return true;
}

/**
 * Signature activation data once the phone has confirmed; undefined while it has not. Asked again, the earlier one is void: an answer
 * may be lost. Throws CscError when nothing will be authorized, or it was used already.
 */
export async function giveActivationData(
  house: CscHouse,
  partyId: string,
  handle: string,
): Promise<{ sad: string; expiresIn: number } | undefined> {
  const authorization = await house.authorizations.find(handle as AuthorizationId);
  try {
    if (authorization?.relyingPartyId !== partyId || authorization.interactionSha256)
      throw invalidParameter('handle');
    return await newActivationData(house, authorization);
  } catch (error) {
    if (error instanceof CscError) await recordRefusal(house, { partyId, authorization }, error);
    throw error;
  }
}

/** Whoever is refused has asked: what became of it, and who tried another's handle, is on record. */
async function recordRefusal(
  { audit, clock, transactions }: CscHouse,
  { partyId, authorization }: { partyId: string; authorization: CscAuthorization | undefined },
  { code, detail }: CscError,
): Promise<void> {
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: SESSION_ACTOR,
      action: 'check-csc-authorization',
      outcome: 'refused',
      // What a client has made up is nothing that there is.
      subject: authorization ? authorizationSubject(authorization.id) : `relying-party:${partyId}`,
      refusalCode: code,
      details: { relyingParty: partyId, description: detail },
    }),
  );
}

async function newActivationData(
  house: CscHouse,
  authorization: CscAuthorization,
): Promise<{ sad: string; expiresIn: number } | undefined> {
  if (!(await isConfirmed(house, authorization))) return undefined;
  const expiresIn = Math.floor((await millisecondsLeft(house, authorization)) / 1000);
  if (expiresIn <= 0) throw new CscError('invalid_request', 'SAD expired');
  const sad = randomBytes(SAD_OCTETS).toString('base64url');
  await house.transactions.transaction(async (tx) => {
    const locked = await house.authorizations.lock(tx, authorization.id);
    if (!locked || locked.usedAt) throw invalidParameter('handle');
    await house.authorizations.setSad(tx, authorization.id, sadHash(sad));
  });
  return { sad, expiresIn };
}

/** How long what the phone has confirmed may still be used; not positive when it is over. */
export async function millisecondsLeft(
  { sessions, clock }: Pick<CscHouse, 'sessions' | 'clock'>,
  { sessionId }: Pick<CscAuthorization, 'sessionId'>,
): Promise<number> {
  const session = await sessions.find(sessionId);
  if (session?.state !== 'SIGNED' || !session.endedAt) return 0;
  return session.endedAt.getTime() + SAD_SECONDS * 1000 - clock.now().getTime();
}

export function sadHash(sad: string): Buffer {
  return digest('sha256', Buffer.from(sad));
}
