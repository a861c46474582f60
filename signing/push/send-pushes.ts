import type { Clock } from '../../core/clock.ts';
import type { ClaimedPush, PushKey, PushKeys, PushStore, PushTarget } from './push-subscription.ts';
import type { VapidTokens } from './vapid-tokens.ts';

/** What a push service is asked to do. */
export interface PushMessage extends PushTarget {
  payload: Buffer;
  /** How long it is worth delivering. */
  ttlSeconds: number;
  /** Value of the Authorization header (RFC 8292 §3). */
  authorization: string;
}

/** What becomes of a message; `refused` is for good, `later` is worth another attempt. */
export type PushOutcome = { kind: 'taken' | 'gone' | 'refused' } | { kind: 'later'; retrySeconds?: number };

/** Encrypts for the browser (RFC 8291) and posts to its push service; does not reject. */
export interface PushSender {
  send(message: PushMessage): Promise<PushOutcome>;
}

export interface PushHouse {
  pushes: PushStore;
  pushKeys: PushKeys;
  vapidTokens: VapidTokens;
  pushSender: PushSender;
  clock: Clock;
  /** Told of what a push service refuses. */
  onPushRefused(push: Pick<ClaimedPush, 'sessionId'>): void;
}

/** In one round; the next round takes the others. */
const PUSHES_MAX = 100;
/** A claim that nobody has settled by then was made by a process that died. */
const CLAIM_SECONDS = 20;
/** 5 s, 10, 20 … within the life of the session. */
const RETRY_SECONDS = 5;

/** Sends what is due; returns how many messages were taken. A phone may be woken twice for one session, and finds it once. */
export async function sendPushes(house: PushHouse): Promise<number> {
  const keys = new Map((await house.pushKeys.held()).map((key) => [key.kid, key]));
  if (keys.size === 0) return 0;
  const now = house.clock.now();
  const until = new Date(now.getTime() + CLAIM_SECONDS * 1000);
  const claimed = await house.pushes.claim(now, until, [...keys.keys()], PUSHES_MAX);
  const taken = await Promise.all(claimed.map((push) => sendOne(house, now, push, keys.get(push.kid)!)));
  return taken.filter(Boolean).length;
}

async function sendOne(house: PushHouse, now: Date, push: ClaimedPush, key: PushKey): Promise<boolean> {
  const leftSeconds = Math.floor((push.expiresAt.getTime() - now.getTime()) / 1000);
  if (!push.isWaiting || leftSeconds <= 0) {
    await house.pushes.settle(push);
    return false;
  }
  const outcome = await house.pushSender.send({
    endpoint: push.endpoint,
    p256dh: push.p256dh,
    authSecret: push.authSecret,
    payload: payloadOf(push),
    ttlSeconds: leftSeconds,
    authorization: await house.vapidTokens.authorizationFor(key, push.endpoint),
  });
  if (outcome.kind === 'later') await postpone(house, now, push, outcome.retrySeconds);
  else if (outcome.kind === 'gone') await house.pushes.drop(push.tokenSha256);
  else await house.pushes.settle(push);
  if (outcome.kind === 'refused') house.onPushRefused(push);
  return outcome.kind === 'taken';
}

/** Counted from the attempt, not from how long it took to fail. */
async function postpone(
  { pushes }: PushHouse,
  now: Date,
  push: ClaimedPush,
  retrySeconds = 0,
): Promise<void> {
  const seconds = Math.max(retrySeconds, RETRY_SECONDS * 2 ** (push.attempts - 1));
  const until = new Date(now.getTime() + seconds * 1000);
  await (until < push.expiresAt ? pushes.postpone(push, until) : pushes.settle(push));
}

/** That somebody asks, and until when: nothing of who, for whom or what. What it is the phone asks for by itself. */
function payloadOf({ expiresAt }: ClaimedPush): Buffer {
  return Buffer.from(JSON.stringify({ type: 'signature-request', expiresAt: expiresAt.toISOString() }));
}
