import type { AuditEvent } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { Credential, CredentialId } from './credential.ts';
import type { MadeSignature, SessionId, SessionWithContent } from './session.ts';
import type { SealedContent } from '../sealed-content.ts';

export interface Opening {
  session: SessionWithContent;
  /** Of the secret in its code, where it has one. */
  pairingSha256?: Buffer;
  event: AuditEvent;
}

/** Everything that the last step of a session leaves. */
export interface SignedAnswer {
  answerSha256: Buffer;
  made: readonly MadeSignature[];
  /** What was signed are digests that the relying party has handed in. */
  isHandedIn: boolean;
  signatures: SealedContent;
  evidence: { sha256: Buffer; content: SealedContent };
}

export interface Signing {
  id: SessionId;
  /** As it was when it was found to be good. */
  credential: Credential;
  answer: SignedAnswer;
  /** That the session ends now. */
  event: AuditEvent;
}

/**
 * Steps of a session that look and change in one statement, which is a step as a phone most often takes it: nobody waits for a lock, and
 * a disk, more than once. Where one finds nothing to change, the slow way says why. In a transaction, they are a part of it.
 */
export interface SessionSteps {
  /**
   * Undefined, and nothing is inserted, when the credential has an open session or the party has used the key before. Without a code,
   * phones that can be woken are queued to be.
   */
  tryOpen(opening: Opening, tx?: Transaction): Promise<{ pushes: number } | undefined>;
  /** False when it is not CREATED any more, or its time is over. */
  tryDeliver(id: SessionId, at: Date): Promise<boolean>;
  /** The codes; undefined when it is not DELIVERED, another's, or shows something else. */
  tryDisplay(
    device: CredentialId,
    id: SessionId,
    shown: { displaySha256: Buffer; at: Date; signingTime: Date },
  ): Promise<readonly string[] | undefined>;
  /** False when it is not DISPLAYED, another's, has another code, or has it confirmed already. */
  tryConfirm(device: CredentialId, id: SessionId, code: string, at: Date): Promise<boolean>;
  /**
   * Signatures, evidence, callback, event and the end of a DISPLAYED session whose code is confirmed; wrong PINs are forgotten, digests
   * that were handed in are remembered. False, and nothing is written, when it is not that; when one of the signatures exists already;
   * when what was signed of a document was handed in as a digest before; and when status, licence or PIN of the credential are not any
   * more what they were when it was read.
   */
  trySign(signing: Signing, tx?: Transaction): Promise<boolean>;
}
