import type { Transaction } from '../core/transaction.ts';
import type { Office, Officer, OfficerId } from './officer.ts';

export interface LoginLink {
  secretSha256: Buffer;
  officerId: OfficerId;
  expiresAt: Date;
}

export interface OfficerSession {
  secretSha256: Buffer;
  officerId: OfficerId;
  createdAt: Date;
  expiresAt: Date;
}

/** Officers and what they sign in with. Secrets are stored as their SHA-256 only. */
export interface OfficerStore {
  insertOffice(tx: Transaction, office: Office, createdAt: Date): Promise<void>;
  insertOfficer(tx: Transaction, officer: Officer, createdAt: Date): Promise<void>;
  listOfficers(tx: Transaction): Promise<Officer[]>;
  insertLoginLink(tx: Transaction, link: LoginLink): Promise<void>;
  /** Marks an unused link that has not expired as used; undefined when there is none. Only one caller wins. */
  useLoginLink(tx: Transaction, secretSha256: Buffer, now: Date): Promise<OfficerId | undefined>;
  insertSession(tx: Transaction, session: OfficerSession): Promise<void>;
  endSession(tx: Transaction, secretSha256: Buffer, now: Date): Promise<void>;
  officerOfSession(secretSha256: Buffer, now: Date): Promise<Officer | undefined>;
  findOfficer(tx: Transaction, id: OfficerId): Promise<Officer | undefined>;
}
