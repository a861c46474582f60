import { randomBytes } from 'node:crypto';

import type { Transaction } from '../../core/transaction.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { SessionCredential, SessionId, SessionWithContent } from './session.ts';

/** A session for whoever scans its code first. */
export interface Pairing {
  /** Absent: nobody has yet, and nobody is shown the session. */
  claimedAt?: Date;
  refusedClaims: number;
}

/** Sessions that were opened for a code. */
export interface PairingStore {
  lockPaired(tx: Transaction, pairingSha256: Buffer): Promise<SessionWithContent | undefined>;
  /** False, and nothing is changed, when the credential has another open session. */
  claim(tx: Transaction, id: SessionId, credential: SessionCredential, at: Date): Promise<boolean>;
  countPairingRefusal(tx: Transaction, id: SessionId): Promise<void>;
  /** Another code instead of the one that nobody has claimed; false when somebody has, or the session has ended. */
  renewPairing(tx: Transaction, id: SessionId, pairingSha256: Buffer): Promise<boolean>;
}

const SECRET_OCTETS = 32;

/** What stands in the code; the service keeps its hash alone. */
export function newPairingSecret(): { secret: string; sha256: Buffer } {
  const secret = randomBytes(SECRET_OCTETS).toString('base64url');
  return { secret, sha256: pairingHash(secret) };
}

export function pairingHash(secret: string): Buffer {
  return digest('sha256', Buffer.from(secret));
}
