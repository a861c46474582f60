import type { Transaction } from '../core/transaction.ts';
import type { Office, Officer, OfficerId } from './officer.ts';

export interface LoginLink {
  secretSha256: Buffer;
  officerId: OfficerId;
  expiresAt: Date;
}

/** How an officer has proved who they are. */
export const SIGN_IN_METHODS = ['link', 'passkey', 'certificate'] as const;

export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

export interface OfficerSession {
  secretSha256: Buffer;
  officerId: OfficerId;
  method: SignInMethod;
  createdAt: Date;
  lastSeenAt: Date;
  /** When it ends however busy the officer is. */
  expiresAt: Date;
  /** Of the client certificate that each of its requests has to come with. */
  certificateSha256?: Buffer;
}

/** A session that has not ended, with whose it is. */
export interface KnownSession extends Omit<OfficerSession, 'secretSha256' | 'officerId'> {
  officer: Officer;
  office: Office;
}

/** Officers and what they sign in with. Secrets are stored as their SHA-256 only. Removed officers are not found. */
export interface OfficerStore {
  insertOffice(tx: Transaction, office: Office, createdAt: Date): Promise<void>;
  insertOfficer(tx: Transaction, officer: Officer, createdAt: Date): Promise<void>;
  listOfficers(tx: Transaction): Promise<Officer[]>;
  insertLoginLink(tx: Transaction, link: LoginLink): Promise<void>;
  /** Marks an unused link that has not expired as used; undefined when there is none. Only one caller wins. */
  useLoginLink(tx: Transaction, secretSha256: Buffer, now: Date): Promise<OfficerId | undefined>;
  insertSession(tx: Transaction, session: OfficerSession): Promise<void>;
  endSession(tx: Transaction, secretSha256: Buffer, now: Date): Promise<void>;
  /** Whether or not it has idled for too long; undefined when it was ended, has expired, or its officer was removed. */
  findSession(secretSha256: Buffer, now: Date): Promise<KnownSession | undefined>;
  /** Notes that a session is in use. */
  touchSession(secretSha256: Buffer, now: Date): Promise<void>;
  findOfficer(tx: Transaction, id: OfficerId): Promise<Officer | undefined>;
}
