import type { Transaction } from '../../core/transaction.ts';
import type { AttestationFormat, AttestationVerdict } from '../../pki/attestation/key-attestation.ts';
import type { ActivationId } from '../activation/activation.ts';
import type { ApplicationId } from '../application.ts';
import type { SealedContent } from '../evidence/evidence-house.ts';

/** What a phone is asked for one application, once and soon. */
export interface AttestationChallenge {
  challenge: Buffer;
  /** What it was made of. */
  nonce: Buffer;
  /** As it was asked for: there may be none of this id. */
  applicationId: ApplicationId;
  expiresAt: Date;
}

/** What came with an activation, and what was found of it. */
export interface KeptAttestation {
  activationId: ActivationId;
  format: AttestationFormat;
  sha256: Buffer;
  content: SealedContent;
  verdict: AttestationVerdict;
  judgedAt: Date;
}

export interface AttestationStore {
  /** Forgets those that have expired, and the oldest of the application where it has too many. */
  insertChallenge(tx: Transaction, challenge: AttestationChallenge, now: Date): Promise<void>;
  /** Undefined when it is not out, has expired, or is of another application. */
  findChallenge(
    applicationId: ApplicationId,
    challenge: Buffer,
    now: Date,
  ): Promise<AttestationChallenge | undefined>;
  /** Takes it away; false when it is not out any more. */
  takeChallenge(tx: Transaction, challenge: Buffer): Promise<boolean>;
  keep(tx: Transaction, attestation: KeptAttestation): Promise<void>;
  /** What came with an activation; undefined when nothing did. */
  of(activationId: ActivationId): Promise<KeptAttestation | undefined>;
}
