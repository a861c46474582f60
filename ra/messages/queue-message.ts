import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { EvidenceVault } from '../evidence/evidence-house.ts';
import type { HolderId } from '../holders/holder.ts';
import type { MessageChannel, MessageId, MessageStore, MessageText, NewMessage } from './message.ts';

export interface OutboxHouse {
  messages: MessageStore;
  vault: EvidenceVault;
  clock: Clock;
}

export interface MessageOrder {
  holderId: HolderId;
  channel: MessageChannel;
  kind: string;
  onceKey: string;
  text: MessageText;
  /** After so long it is of no use. */
  usefulSeconds: number;
}

/** Seals a message before the transaction that queues it: what is sealed is not waited for under locks. */
export async function sealMessage(
  { vault, clock }: OutboxHouse,
  { text, usefulSeconds, ...order }: MessageOrder,
): Promise<NewMessage> {
  const id: MessageId = newId(clock);
  const queuedAt = clock.now();
  return {
    ...order,
    id,
    content: await vault.seal(id, Buffer.from(JSON.stringify(text))),
    queuedAt,
    sendBefore: new Date(queuedAt.getTime() + usefulSeconds * 1000),
  };
}

/** False when it was queued before. */
export function queueMessage(
  { messages }: Pick<OutboxHouse, 'messages'>,
  tx: Transaction,
  message: NewMessage,
): Promise<boolean> {
  return messages.queue(tx, message);
}
