import type { Transaction } from '../../core/transaction.ts';
import type { SessionCredential, SessionId, SessionWithContent } from './session.ts';

/** Sessions that were opened for a code. */
export interface PairingStore {
  lockPaired(tx: Transaction, pairingSha256: Buffer): Promise<SessionWithContent | undefined>;
  /** False, and nothing is changed, when the credential has another open session. */
  claim(tx: Transaction, id: SessionId, credential: SessionCredential, at: Date): Promise<boolean>;
  countPairingRefusal(tx: Transaction, id: SessionId): Promise<void>;
  /** Another code instead of the one that nobody has claimed; false when somebody has, or the session has ended. */
  renewPairing(tx: Transaction, id: SessionId, pairingSha256: Buffer): Promise<boolean>;
}
