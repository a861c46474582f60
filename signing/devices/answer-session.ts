import type { Transaction } from '../../core/transaction.ts';
import { wholeSeconds } from '../../core/clock.ts';
import { endIfOverdue, endSession, tellEnd } from '../sessions/end-session.ts';
import { PIN_FAILURES_MAX, isOf } from '../sessions/session.ts';
import type { SessionHouse } from '../sessions/session-house.ts';
import type { Session, SessionEnd, SessionId, SessionWithContent } from '../sessions/session.ts';
import type { SessionState } from '../sessions/session-state.ts';
import { SigningError } from '../signing-error.ts';
import type { Device } from './device-login.ts';

// What a phone does with its session, one step each. A refusal that ends the session is committed with its event, and thrown
// afterwards: it must not be undone by being one.

/** What a step comes to: an answer, or a refusal that has been made durable. */
export type StepOutcome<T> = { answer: T; ended?: Session } | { refusal: SigningError; ended?: Session };

export interface Step {
  tx: Transaction;
  session: SessionWithContent;
  now: Date;
}

/**
 * Runs one step on a phone's own session while nobody else can change it. Throws SigningError `session-unknown`, `session-state`, or
 * the step's refusal.
 */
export async function stepOn<T>(
  house: SessionHouse,
  device: Device,
  id: SessionId,
  expected: readonly SessionState[],
  step: (step: Step) => Promise<StepOutcome<T>>,
): Promise<T> {
  const outcome = await house.transactions.transaction(async (tx): Promise<StepOutcome<T>> => {
    const session = await house.sessions.lock(tx, id);
    if (!session || !isOf(session, device))
      throw new SigningError('session-unknown', 'this phone has no such request');
    if (await endIfOverdue(house, tx, session))
      return { refusal: stateRefusal('its time is over'), ended: session };
    if (!expected.includes(session.state)) throw stateRefusal(`it is ${session.state}`);
    return step({ tx, session, now: house.clock.now() });
  });
  if (outcome.ended) tellEnd(house, outcome.ended);
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.answer;
}

/** What the holder chooses from, and the time that is signed. */
export interface Displayed {
  codeChoices: readonly string[];
  signingTime: Date;
}

/** The phone says what it shows; from now on it can be signed, at this time. Throws SigningError `display-differs`. */
export async function displaySession(
  house: SessionHouse,
  device: Device,
  id: SessionId,
  displaySha256: Buffer,
): Promise<Displayed> {
  const at = house.clock.now();
  const signingTime = wholeSeconds(at);
  const codeChoices = await house.sessionSteps.tryDisplay(device, id, { displaySha256, at, signingTime });
  if (codeChoices) return { codeChoices, signingTime };
  return stepOn<Displayed>(house, device, id, ['DELIVERED', 'DISPLAYED'], async ({ tx, session, now }) => {
    const { codeChoices } = session;
    if (!displaySha256.equals(session.displaySha256)) {
      await endSession(house, tx, session, { state: 'ERROR', at: now, failure: 'display-differs' });
      return {
        refusal: new SigningError(
          'display-differs',
          'the phone shows something else than what is to be signed',
        ),
        ended: session,
      };
    }
    // Shown again after a reload, it is signed at the time of the first.
    if (session.signingTime) return { answer: { codeChoices, signingTime: session.signingTime } };
    const signingTime = wholeSeconds(now);
    await house.sessions.displayed(tx, id, now, signingTime);
    return { answer: { codeChoices, signingTime } };
  });
}

/** The holder chose one of the three codes; another than the right one ends the session. */
export async function confirmCode(
  house: SessionHouse,
  device: Device,
  id: SessionId,
  code: string,
): Promise<{ state: SessionState }> {
  if (await house.sessionSteps.tryConfirm(device, id, code, house.clock.now())) return { state: 'DISPLAYED' };
  return stepOn(house, device, id, ['DISPLAYED'], async ({ tx, session, now }) => {
    if (code !== session.verificationCode) return ended(house, tx, session, { state: 'WRONG_VC', at: now });
    if (!session.codeConfirmedAt) await house.sessions.codeConfirmed(tx, id, now);
    return { answer: { state: session.state } };
  });
}

/** The holder does not want to sign. */
export function refuseSession(
  house: SessionHouse,
  device: Device,
  id: SessionId,
): Promise<{ state: SessionState }> {
  return stepOn(house, device, id, ['DELIVERED', 'DISPLAYED'], ({ tx, session, now }) =>
    ended(house, tx, session, { state: 'USER_REFUSED', at: now }),
  );
}

/** The PIN was wrong; the fifth time in a row, over all sessions, the key is gone and the credential blocked. */
export function countWrongPin(
  house: SessionHouse,
  device: Device,
  id: SessionId,
): Promise<{ state: SessionState; triesLeft: number }> {
  return stepOn(house, device, id, ['DISPLAYED'], async ({ tx, session, now }) => {
    const failures = await house.sessions.countPinFailure(tx, device, PIN_FAILURES_MAX, now);
    const triesLeft = PIN_FAILURES_MAX - failures;
    if (triesLeft > 0) return { answer: { state: session.state, triesLeft } };
    await endSession(house, tx, session, { state: 'PIN_BLOCKED', at: now });
    return { answer: { state: 'PIN_BLOCKED' as const, triesLeft }, ended: session };
  });
}

async function ended(
  house: SessionHouse,
  tx: Transaction,
  session: Session,
  end: SessionEnd,
): Promise<StepOutcome<{ state: SessionState }>> {
  await endSession(house, tx, session, end);
  return { answer: { state: end.state }, ended: session };
}

function stateRefusal(detail: string): SigningError {
  return new SigningError('session-state', `the request cannot be answered so: ${detail}`);
}
