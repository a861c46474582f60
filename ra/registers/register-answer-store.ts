import type { AuditActor } from '../../audit/audit-event.ts';
import type { Id } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { Verdict } from './judge-look-up.ts';
import type { RegisterName } from './register.ts';

export type RegisterAnswerId = Id<'register-answer'>;

/** Evidence of one question to a register: who asked what when, and what was said. */
export type RegisterAnswer = Verdict & {
  id: RegisterAnswerId;
  /** What it was asked for: `application:<id>`. */
  subject: string;
  register: RegisterName;
  askedBy: AuditActor;
  askedAt: Date;
  answeredAt: Date;
  /** UUID that the question carried and an authentic answer repeats. */
  requestId: string;
  /** 16 random octets, so that nobody can try national ids on the digests once the answer is deleted. */
  salt: Buffer;
  /** HMAC-SHA-256 under `salt` of the claim's canonical JSON. */
  claimHmac: Buffer;
  /** The same of the raw answer; absent when none came. */
  answerHmac?: Buffer;
};

/**
 * Evidence, append-only. The raw octets are kept apart, because they are deleted when their time is over, and the rest is not.
 */
export interface RegisterAnswerStore {
  insert(tx: Transaction, answer: RegisterAnswer, raw: Buffer | undefined): Promise<void>;
  /** Of each subject and register the newest answer. */
  newestOf(subjects: readonly string[]): Promise<RegisterAnswer[]>;
}
