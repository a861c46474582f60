import type { Clock } from '../../core/clock.ts';
import type { SessionId } from '../sessions/session.ts';
import type { EndState } from '../sessions/session-state.ts';

/** A callback that this process alone may send now. */
export interface ClaimedCallback {
  sessionId: SessionId;
  relyingPartyId: string;
  url: string;
  /** Absent: the address is not among those of the party any more, or the party is disabled. */
  isAllowed: boolean;
  state: EndState;
  endedAt: Date;
  attempts: number;
}

export type CallbackFailure = 'not-allowed' | 'unreachable';

/** The outbox. Claims survive the process that made them until their time is over; then others may try. */
export interface CallbackStore {
  /** Takes what is due, and what a process has claimed and not settled until now; never what another one is taking. */
  claim(now: Date, claimedUntil: Date, limit: number): Promise<ClaimedCallback[]>;
  sent(id: SessionId, at: Date): Promise<void>;
  /** `nextAttemptAt` absent: it is given up. */
  failed(id: SessionId, at: Date, failure: CallbackFailure, nextAttemptAt?: Date): Promise<void>;
}

/** Posts a token to an address; resolves when the other side has answered 2xx, else rejects. Follows no redirect. */
export interface CallbackSender {
  post(url: string, token: string): Promise<void>;
}

export interface CallbackHouse {
  callbacks: CallbackStore;
  sender: CallbackSender;
  /** Signs with the service's key. */
  signToken(claims: CallbackClaims): Promise<string>;
  clock: Clock;
  /** Told of what was not taken. */
  onCallbackFailure(error: unknown, callback: Pick<ClaimedCallback, 'sessionId' | 'relyingPartyId'>): void;
}

/** Payload of a callback: that a session has ended, and how. What was signed the party fetches by itself. */
export interface CallbackClaims {
  aud: string;
  iat: number;
  jti: SessionId;
  session: { id: SessionId; state: EndState; endedAt: string };
}
