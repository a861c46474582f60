/** The keys known to be compromised (`mohr keys block`), by SHA-256 over their SubjectPublicKeyInfo. */
export interface BlockedKeys {
  /** Answers from all that was blocked before the call began; rejects rather than answer from less. */
  isBlocked(spkiSha256: Uint8Array): Promise<boolean>;
}
