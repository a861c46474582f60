import type { Transaction } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { OfficerId } from '../officer.ts';

/** 32 octets that an authenticator is asked to sign, once and soon. */
export type Challenge = { challenge: Buffer; expiresAt: Date } & (
  | { purpose: 'sign-in' }
  | { purpose: 'registration'; officerId: OfficerId }
  | { purpose: 'approval'; officerId: OfficerId; applicationId: ApplicationId; document: Buffer }
);

export interface ChallengeStore {
  /** Forgets those that have expired, too. */
  insert(tx: Transaction, challenge: Challenge, now: Date): Promise<void>;
  /** Takes it away; undefined when it is not out, or has expired. Only one caller gets it. */
  take(tx: Transaction, challenge: Buffer, now: Date): Promise<Challenge | undefined>;
}
