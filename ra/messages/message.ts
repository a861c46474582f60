import type { Id } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { SealedContent } from '../evidence/evidence-house.ts';
import type { HolderId } from '../holders/holder.ts';

export type MessageId = Id<'message'>;
export type MessageChannel = 'sms' | 'email';

export interface MessageText {
  /** Of an e-mail. */
  subject: string;
  text: string;
}

export interface NewMessage {
  id: MessageId;
  holderId: HolderId;
  channel: MessageChannel;
  kind: string;
  /** What makes it one message, however often it is queued. */
  onceKey: string;
  content: SealedContent;
  queuedAt: Date;
  sendBefore: Date;
}

/** A message that this process alone may send now. */
export interface ClaimedMessage {
  id: MessageId;
  channel: MessageChannel;
  kind: string;
  attempts: number;
  content: SealedContent;
  /** Absent: the holder has no such address any more. */
  to?: string;
}

export type MessageFailure = 'no-address' | 'too-late' | 'refused' | 'unreachable';

/** The outbox. Claims survive the process that made them until their time is over; then others may try. */
export interface MessageStore {
  /** False, and nothing is queued, when this message was queued before. */
  queue(tx: Transaction, message: NewMessage): Promise<boolean>;
  /** Takes what is due, and what a process has claimed and not settled until now; never what another one is taking. */
  claim(now: Date, claimedUntil: Date, limit: number): Promise<ClaimedMessage[]>;
  sent(id: MessageId, at: Date): Promise<void>;
  /** `nextAttemptAt` absent: it is given up. */
  failed(id: MessageId, at: Date, failure: MessageFailure, nextAttemptAt?: Date): Promise<void>;
}

/**
 * Sends to one address; resolves when the other side has taken it over. `id` is the same each time one message is tried, so that
 * the other side can tell. `refused`: it will not take it, now or later; rejects where it may do so later.
 */
export interface Messenger {
  send(message: MessageText & { id: MessageId; to: string }): Promise<'taken' | 'refused'>;
}

export type Messengers = Readonly<Record<MessageChannel, Messenger>>;
