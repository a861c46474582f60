import type { Transaction } from '../core/transaction.ts';

/** The keys known to be compromised (`mohr keys block`), by SHA-256 over their SubjectPublicKeyInfo. */
export interface BlockedKeys {
  /** Answers from all that was blocked before the call began; rejects rather than answer from less. */
  isBlocked(spkiSha256: Uint8Array): Promise<boolean>;
}

export interface BlockedKey {
  spkiSha256: Buffer;
  reason: string;
  blockedAt: Date;
}

/** What was issued for a key, or is being issued. */
export interface CertifiedKey {
  /** The issuer. */
  authorityId: string;
  serialNumber: Buffer;
  /** Why it exists, e.g. `application:<id>`. */
  origin: string;
  /** Last event of the status history; undefined while there is an intent and no certificate yet. */
  lastEvent?: string;
}

/** Where keys are blocked, for good. */
export interface KeyBlocklist {
  /** False, and nothing is written, when the key was blocked before. */
  block(tx: Transaction, key: BlockedKey): Promise<boolean>;
  certifiedWith(tx: Transaction, spkiSha256: Buffer): Promise<CertifiedKey[]>;
}
