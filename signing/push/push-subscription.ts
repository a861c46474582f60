import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Device } from '../devices/device-login.ts';
import type { SessionId } from '../sessions/session.ts';

/** Where and for whom a browser takes messages (RFC 8030 §4, RFC 8291 §2). */
export interface PushTarget {
  endpoint: string;
  /** The browser's key, an uncompressed point on P-256. */
  p256dh: Buffer;
  authSecret: Buffer;
}

/** A target of a phone that has signed in, and the key by which its push service knows this one. */
export interface PushSubscription extends PushTarget {
  kid: string;
  subscribedAt: Date;
}

/** A delivery that this process alone may try now. */
export interface ClaimedPush extends PushTarget {
  sessionId: SessionId;
  tokenSha256: Buffer;
  kid: string;
  attempts: number;
  expiresAt: Date;
  /** False: the phone has come by itself, or the session has ended. */
  isWaiting: boolean;
}

export interface PushStore {
  /** Instead of what this sign-in had, and of the same address under another sign-in of the certificate. */
  subscribe(tx: Transaction, device: Device, subscription: PushSubscription): Promise<void>;
  /** False when there is none. */
  unsubscribe(tx: Transaction, tokenSha256: Buffer): Promise<boolean>;
  /** Takes what is due for these keys, and what a process has claimed and not settled until now. */
  claim(now: Date, claimedUntil: Date, kids: readonly string[], limit: number): Promise<ClaimedPush[]>;
  postpone(push: ClaimedPush, until: Date): Promise<void>;
  /** Sent, or of no use any more. */
  settle(push: ClaimedPush): Promise<void>;
  /** The push service knows it no more. */
  drop(tokenSha256: Buffer): Promise<void>;
  /** Forgets deliveries whose time is over. */
  prune(now: Date): Promise<void>;
}

export interface PushKey {
  kid: string;
  signer: Signer;
  /** Uncompressed point, base64url: what a browser subscribes with (RFC 8292 §3.2). */
  publicKey: string;
}

/** Keys by which push services know this service (RFC 8292); their private halves are in this process's key store. */
export interface PushKeys {
  current(): Promise<PushKey>;
  /** All that this process can sign with, the current one among them when it has been made. */
  held(): Promise<readonly PushKey[]>;
}

export interface SubscriptionHouse {
  pushes: PushStore;
  pushKeys: PushKeys;
  /** Push services that may be called; empty where phones are not woken. */
  pushHosts: readonly string[];
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}
