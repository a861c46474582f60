import { ValidationError } from './validation-error.ts';

/** When the signature existed at the latest, and how we know: best-signature-time of ETSI EN 319 102-1 §5.5.4. */
export interface ProofOfExistence {
  at: Date;
  /**
   * `receipt-time`: the relying party states when it received the signature, and answers for it;
   * `time-stamp`: a token that was validated says so;
   * `validation-time`: nothing is known but that the signature exists now.
   */
  source: 'receipt-time' | 'time-stamp' | 'validation-time';
}

/**
 * Takes the relying party's receipt time, else the time of validation; the signer's own signing-time never is a proof.
 * Throws ValidationError `received-at-in-future`.
 */
export function proofOfExistence(receivedAt: Date | undefined, now: Date): ProofOfExistence {
  if (!receivedAt) return { at: now, source: 'validation-time' };
  if (receivedAt.getTime() > now.getTime()) {
    throw new ValidationError(
      'received-at-in-future',
      `receivedAt ${receivedAt.toISOString()} is later than now, ${now.toISOString()}`,
    );
  }
  return { at: receivedAt, source: 'receipt-time' };
}

/** The earlier of what the relying party says and what a time stamp proves (EN 319 102-1 §5.5.4). */
export function earlierProof(proof: ProofOfExistence, stampedAt: Date | undefined): ProofOfExistence {
  if (!stampedAt || stampedAt.getTime() >= proof.at.getTime()) return proof;
  return { at: stampedAt, source: 'time-stamp' };
}
