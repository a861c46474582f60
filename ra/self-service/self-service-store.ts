import type { Id } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { HolderId } from '../holders/holder.ts';
import type { SecretHash } from './secret-hash.ts';

export type CodeId = Id<'self-service-code'>;
export const CODE_PURPOSES = ['block', 'set-password'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

export interface NewCode extends SecretHash {
  id: CodeId;
  holderId: HolderId;
  purpose: CodePurpose;
  madeAt: Date;
  expiresAt: Date;
}

export interface SelfServiceStore {
  /**
   * Counts a try before it is looked at, so that many at once are not more than allowed; returns how many there were in the
   * running window, this one included.
   */
  countTry(
    tx: Transaction,
    subjectSha256: Buffer,
    kind: 'secret' | 'code-request',
    now: Date,
    windowEndsAt: Date,
  ): Promise<number>;
  forgetTries(tx: Transaction, subjectSha256: Buffer): Promise<void>;
  setPassword(tx: Transaction, holderId: HolderId, hash: SecretHash, at: Date): Promise<void>;
  passwordOf(holderId: HolderId): Promise<SecretHash | undefined>;
  /** The codes of this purpose that were made before lose their force. */
  insertCode(tx: Transaction, code: NewCode): Promise<void>;
  /** The one that is in force. */
  codeOf(
    holderId: HolderId,
    purpose: CodePurpose,
    now: Date,
  ): Promise<(SecretHash & { id: CodeId }) | undefined>;
  /** False when somebody has used it. */
  useCode(tx: Transaction, id: CodeId, at: Date): Promise<boolean>;
}
