import { actorOf } from './officer.ts';
import type { Officer } from './officer.ts';
import type { ListedSession, SessionId } from './officer-store.ts';
import { RaError } from './ra-error.ts';
import { SESSION_IDLE_SECONDS, recordOfOfficer } from './sign-in.ts';
import type { LivingSession } from './sign-in.ts';
import type { SignInHouse } from './sign-in-house.ts';

/** The officer's sessions that still open something, the latest first. */
export function listOwnSessions(house: SignInHouse, { id }: Officer): Promise<ListedSession[]> {
  const now = house.clock.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE_SECONDS * 1000);
  return house.transactions.transaction((tx) => house.officers.listSessions(tx, id, now, idleSince));
}

/** Throws RaError `officer-session-unknown`; another officer's does not exist. */
export async function endOwnSession(house: SignInHouse, officer: Officer, id: SessionId): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    if (!(await house.officers.endSessionOf(tx, officer.id, id, house.clock.now())))
      throw new RaError('officer-session-unknown', 'no such session of yours is open');
    await recordOfOfficer(house, tx, actorOf(officer), 'end-sessions', officer.id, { sessions: '1' });
  });
}

/** Ends every session of the officer but the one in which this is asked. */
export async function endOtherSessions(
  house: SignInHouse,
  { officer, id }: Pick<LivingSession, 'officer' | 'id'>,
): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    const ended = await house.officers.endSessionsBut(tx, officer.id, id, house.clock.now());
    await recordOfOfficer(house, tx, actorOf(officer), 'end-sessions', officer.id, {
      sessions: String(ended),
    });
  });
}
