import type { Transaction } from '../../core/transaction.ts';
import type { AttestationFormat, AttestationVerdict } from '../../pki/attestation/key-attestation.ts';
import type { SealedContent } from '../evidence/evidence-house.ts';

/** What a phone is asked for one application, or for one certificate that is to be renewed, once and soon. */
export interface AttestationChallenge {
  challenge: Buffer;
  /** What it was made of. */
  nonce: Buffer;
  /** `application:…` or `certificate:…`, as it was asked for: there may be none. */
  subject: string;
  expiresAt: Date;
}

/** What an attestation came with. */
export interface AttestationOccasion {
  kind: 'activation' | 'renewal';
  /** Its id: no two of either kind have one. */
  id: string;
}

/** What came with an activation or a renewal, and what was found of it. */
export interface KeptAttestation {
  occasion: AttestationOccasion;
  format: AttestationFormat;
  sha256: Buffer;
  content: SealedContent;
  verdict: AttestationVerdict;
  judgedAt: Date;
}

export interface AttestationStore {
  /** Forgets those that have expired, and the oldest of the subject where it has too many. */
  insertChallenge(tx: Transaction, challenge: AttestationChallenge, now: Date): Promise<void>;
  /** Undefined when it is not out, has expired, or is of another subject. */
  findChallenge(subject: string, challenge: Buffer, now: Date): Promise<AttestationChallenge | undefined>;
  /** Takes it away; false when it is not out any more. */
  takeChallenge(tx: Transaction, challenge: Buffer): Promise<boolean>;
  keep(tx: Transaction, attestation: KeptAttestation): Promise<void>;
  /** What came with it; undefined when nothing did. */
  of(occasion: AttestationOccasion): Promise<KeptAttestation | undefined>;
}
