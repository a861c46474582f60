import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { SigningError } from '../signing-error.ts';
import { isOverdue, settleOverdue } from './end-session.ts';
import { unsealSignatures } from './session-content.ts';
import type { SessionHouse } from './session-house.ts';
import type { Session, SessionId, SessionWithContent } from './session.ts';
import { isOpen } from './session-state.ts';

/** A session, and its signatures while they are kept: one for each document, in their order. */
export interface SessionAnswer {
  session: Session;
  signatures?: Buffer[];
}

/**
 * How a session stands; with `waitMilliseconds`, as soon as it has ended, or after so long. Throws SigningError `session-unknown`,
 * also for what another party asked for.
 */
export async function readSession(
  house: SessionHouse,
  party: Pick<RelyingParty, 'id'>,
  id: SessionId,
  { waitMilliseconds = 0, signal }: { waitMilliseconds?: number; signal?: AbortSignal } = {},
): Promise<SessionAnswer> {
  let last: SessionWithContent | undefined;
  await house.bell.waitFor(
    id,
    waitMilliseconds,
    async () => {
      last = await current(house, party, id);
      return isOpen(last.state) ? undefined : last;
    },
    signal,
  );
  const session = last!;
  const signatures = session.state === 'SIGNED' ? await unsealSignatures(house.vault, session) : undefined;
  return { session, ...(signatures && { signatures }) };
}

async function current(
  house: SessionHouse,
  party: Pick<RelyingParty, 'id'>,
  id: SessionId,
): Promise<SessionWithContent> {
  const session = await house.sessions.find(id);
  if (session?.relyingPartyId !== party.id) throw new SigningError('session-unknown', 'no such session');
  if (!isOverdue(session, house.clock.now())) return session;
  await settleOverdue(house, id);
  return (await house.sessions.find(id))!;
}
