import type { Id } from '../core/id.ts';
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

/** What a session may be called by where its secret is not to be seen. */
export type SessionId = Id<'officer-session'>;

export interface OfficerSession {
  id: SessionId;
  secretSha256: Buffer;
  officerId: OfficerId;
  method: SignInMethod;
  createdAt: Date;
  lastSeenAt: Date;
  /** When it ends however busy the officer is. */
  expiresAt: Date;
  /** Of the client certificate that each of its requests has to come with. */
  certificateSha256?: Buffer;
  /** Address, or network, that it was opened from. */
  openedFrom?: string;
  /** As the browser called itself; it may say anything. */
  userAgent?: string;
}

/** A session that has not ended, with whose it is. */
export interface KnownSession extends Omit<
  OfficerSession,
  'secretSha256' | 'officerId' | 'openedFrom' | 'userAgent'
> {
  officer: Officer;
  office: Office;
}

/** A session as its officer recognises it. */
export type ListedSession = Omit<OfficerSession, 'secretSha256' | 'officerId' | 'certificateSha256'>;

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
  /** Ends a session whose time is over, once that was seen: a clock that goes back opens nothing again. */
  endOverdueSession(secretSha256: Buffer, now: Date, idleSince: Date): Promise<void>;
  /** Those that have neither ended nor been unused since `idleSince`; the latest first. */
  listSessions(tx: Transaction, officerId: OfficerId, now: Date, idleSince: Date): Promise<ListedSession[]>;
  /** False when the officer has no such session that is open. */
  endSessionOf(tx: Transaction, officerId: OfficerId, id: SessionId, now: Date): Promise<boolean>;
  /** Returns how many were open. */
  endSessionsBut(tx: Transaction, officerId: OfficerId, kept: SessionId, now: Date): Promise<number>;
  findOfficer(tx: Transaction, id: OfficerId): Promise<Officer | undefined>;
}
