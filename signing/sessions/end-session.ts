import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { SESSION_ACTOR, sessionSubject } from './session.ts';
import type { SessionHouse } from './session-house.ts';
import type { Session, SessionEnd, SessionId } from './session.ts';
import { OVERDUE, isOpen } from './session-state.ts';

type EndingHouse = Pick<
  SessionHouse,
  'sessions' | 'audit' | 'transactions' | 'clock' | 'bell' | 'onCallback'
>;

/** Ends a session that is locked: state, event and callback are durable together. Afterwards, tell (`tellEnd`). */
export async function endSession(
  { sessions, audit }: Pick<SessionHouse, 'sessions' | 'audit'>,
  tx: Transaction,
  session: Session,
  end: SessionEnd,
): Promise<void> {
  await sessions.end(tx, session.id, end);
  if (session.callbackUrl !== undefined) await sessions.queueCallback(tx, session.id, end.at);
  await audit.record(tx, endingOf(session, end));
}

/** What is recorded of the end of a session. */
export function endingOf(session: Session, { state, at, failure }: SessionEnd): AuditEvent {
  return {
    at,
    actor: SESSION_ACTOR,
    action: 'end-signature-session',
    outcome: 'accepted',
    subject: sessionSubject(session.id),
    details: { relyingParty: session.relyingPartyId, state, failure: failure ?? null },
  };
}

/** Wakes whoever waits for the end, once it is committed. */
export function tellEnd(
  { bell, onCallback }: Pick<SessionHouse, 'bell' | 'onCallback'>,
  session: Session,
): void {
  bell.ring(session.id);
  if (session.callbackUrl !== undefined) onCallback();
}

export function isOverdue({ state, expiresAt }: Session, now: Date): boolean {
  return isOpen(state) && expiresAt <= now;
}

/** Ends a locked session whose time is over; false when it is not. */
export async function endIfOverdue(house: EndingHouse, tx: Transaction, session: Session): Promise<boolean> {
  const now = house.clock.now();
  if (!isOpen(session.state) || session.expiresAt > now) return false;
  await endSession(house, tx, session, { state: OVERDUE[session.state], at: now });
  return true;
}

/** Ends one session if its time is over; whoever comes second finds it ended. */
export async function settleOverdue(house: EndingHouse, id: SessionId): Promise<void> {
  const ended = await house.transactions.transaction(async (tx) => {
    const session = await house.sessions.lock(tx, id);
    return session && (await endIfOverdue(house, tx, session)) ? session : undefined;
  });
  if (ended) tellEnd(house, ended);
}

/** Sessions in one round; the next round takes the others. */
const OVERDUE_MAX = 200;

/** Ends sessions whose time is over; any number of processes may do so at once. Returns how many it looked at. */
export async function settleAllOverdue(house: EndingHouse): Promise<number> {
  const found = await house.sessions.overdue(house.clock.now(), OVERDUE_MAX);
  for (const id of found) await settleOverdue(house, id);
  return found.length;
}
