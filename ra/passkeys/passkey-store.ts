import type { Id } from '../../core/ids.ts';
import type { Transaction } from '../../core/transaction.ts';
import type { OfficerId } from '../officer.ts';

export type PasskeyId = Id<'passkey'>;

/** A public-key credential of an officer (WebAuthn L2 §4). */
export interface Passkey {
  id: PasskeyId;
  officerId: OfficerId;
  /** What the officer calls it. */
  name: string;
  credentialId: Buffer;
  /** COSE_Key, as the authenticator gave it. */
  coseKey: Buffer;
  /** The same key, DER. */
  subjectPublicKeyInfo: Buffer;
  transports: readonly string[];
  signCount: number;
  createdAt: Date;
  lastUsedAt?: Date;
}

/** Passkeys that are not removed; the public keys of removed ones stay with what they have signed. */
export interface PasskeyStore {
  /** False when the credential is somebody's already. */
  insert(tx: Transaction, passkey: Passkey): Promise<boolean>;
  listOf(tx: Transaction, officerId: OfficerId): Promise<Passkey[]>;
  /** Keeps everybody else from using it until the transaction ends. */
  lock(tx: Transaction, credentialId: Buffer): Promise<Passkey | undefined>;
  recordUse(tx: Transaction, id: PasskeyId, signCount: number, at: Date): Promise<void>;
  /** False when the officer has no such passkey. */
  remove(tx: Transaction, officerId: OfficerId, id: PasskeyId, at: Date): Promise<boolean>;
}
