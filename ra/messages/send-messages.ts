import type { ClaimedMessage, MessageText, Messengers } from './message.ts';
import type { OutboxHouse } from './queue-message.ts';

export interface SendingHouse extends OutboxHouse {
  messengers: Messengers;
  /** Told of what could not be sent, without address or text. */
  onMessageFailure(error: unknown, message: Pick<ClaimedMessage, 'id' | 'channel' | 'kind'>): void;
}

/** In one round; the next round takes the others. */
const MESSAGES_MAX = 50;
/** A claim that nobody has settled by then was made by a process that died: an attempt takes a minute at most. */
const CLAIM_SECONDS = 300;
/** Then a message is given up: after some hours. */
const ATTEMPTS_MAX = 8;
const RETRY_SECONDS = 30;

/**
 * Sends what is due; returns how many went out. One process sends a message at a time; should it die between sending and writing
 * that down, the message goes out once more under the same id.
 */
export async function sendMessages(house: SendingHouse): Promise<number> {
  const now = house.clock.now();
  const claimedUntil = new Date(now.getTime() + CLAIM_SECONDS * 1000);
  const claimed = await house.messages.claim(now, claimedUntil, MESSAGES_MAX);
  const sent = await Promise.all(claimed.map((message) => sendOne(house, message)));
  return sent.filter(Boolean).length;
}

async function sendOne(house: SendingHouse, message: ClaimedMessage): Promise<boolean> {
  const { messages, vault, messengers, clock } = house;
  const { id, channel, to, content } = message;
  if (to === undefined) {
    await messages.failed(id, clock.now(), 'no-address');
    return false;
  }
  try {
    const text = JSON.parse((await vault.unseal(id, content)).toString()) as MessageText;
    const answer = await messengers[channel].send({ ...text, id, to });
    if (answer === 'taken') await messages.sent(id, clock.now());
    else await messages.failed(id, clock.now(), 'refused');
    return answer === 'taken';
  } catch (error) {
    house.onMessageFailure(error, message);
    await giveUpOrPostpone(house, message);
    return false;
  }
}

async function giveUpOrPostpone(
  { messages, clock }: SendingHouse,
  { id, attempts }: ClaimedMessage,
): Promise<void> {
  const now = clock.now();
  if (attempts >= ATTEMPTS_MAX) return messages.failed(id, now, 'unreachable');
  // 30 s, 1, 2, 4 … minutes: an hour in all.
  const nextAttemptAt = new Date(now.getTime() + RETRY_SECONDS * 1000 * 2 ** (attempts - 1));
  return messages.failed(id, now, 'unreachable', nextAttemptAt);
}
