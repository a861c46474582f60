import type { CallbackHouse, ClaimedCallback } from './callback.ts';

/** In one round; the next round takes the others. */
const CALLBACKS_MAX = 50;
/** A claim that nobody has settled by then was made by a process that died. */
const CLAIM_SECONDS = 60;
/** Then it is given up: after an hour and a half. The party can still ask. */
const ATTEMPTS_MAX = 10;
const RETRY_SECONDS = 5;

/**
 * Sends what is due; returns how many were taken. One process sends a callback at a time; should it die between sending and writing
 * that down, the callback goes out once more with the same `jti`.
 */
export async function sendCallbacks(house: CallbackHouse): Promise<number> {
  const now = house.clock.now();
  const claimed = await house.callbacks.claim(
    now,
    new Date(now.getTime() + CLAIM_SECONDS * 1000),
    CALLBACKS_MAX,
  );
  const sent = await Promise.all(claimed.map((callback) => sendOne(house, callback)));
  return sent.filter(Boolean).length;
}

async function sendOne(house: CallbackHouse, callback: ClaimedCallback): Promise<boolean> {
  const { callbacks, clock } = house;
  const { sessionId, relyingPartyId, url, state, endedAt, isAllowed } = callback;
  if (!isAllowed) {
    await callbacks.failed(sessionId, clock.now(), 'not-allowed');
    return false;
  }
  try {
    const iat = Math.floor(clock.now().getTime() / 1000);
    const session = { id: sessionId, state, endedAt: endedAt.toISOString() };
    await house.sender.post(
      url,
      await house.signToken({ aud: relyingPartyId, iat, jti: sessionId, session }),
    );
    await callbacks.sent(sessionId, clock.now());
    return true;
  } catch (error) {
    house.onCallbackFailure(error, callback);
    await postpone(house, callback);
    return false;
  }
}

async function postpone(
  { callbacks, clock }: CallbackHouse,
  { sessionId, attempts }: ClaimedCallback,
): Promise<void> {
  const now = clock.now();
  if (attempts >= ATTEMPTS_MAX) return callbacks.failed(sessionId, now, 'unreachable');
  // 5 s, 10, 20 …: 43 minutes before the last one.
  const nextAttemptAt = new Date(now.getTime() + RETRY_SECONDS * 1000 * 2 ** (attempts - 1));
  return callbacks.failed(sessionId, now, 'unreachable', nextAttemptAt);
}
