import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { LockoutStore } from './lockout.ts';
import type { OfficerStore } from './officer-store.ts';
import type { ChallengeStore } from './passkeys/challenge-store.ts';
import type { PasskeyCeremony } from './passkeys/passkey-ceremony.ts';
import type { PasskeyStore } from './passkeys/passkey-store.ts';

/** What signing in, and proving afterwards that one is still the same, work with. */
export interface SignInHouse {
  officers: OfficerStore;
  passkeys: PasskeyStore;
  challenges: ChallengeStore;
  passkeyCeremony: PasskeyCeremony;
  lockouts: LockoutStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}
