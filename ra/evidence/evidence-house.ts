import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { Id } from '../../core/ids.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import type { ApplicationId } from '../application.ts';
import type { ApplicationStore } from '../application-store.ts';
import type { OfficerId } from '../officer.ts';
import type { Evidence, EvidenceId, KeptEvidence } from './evidence.ts';

/** Content as it is stored: nobody reads it without the key. */
export interface SealedContent {
  keyId: string;
  sealed: Buffer;
}

/** Declared here, satisfied by who holds the keys. */
export interface EvidenceVault {
  seal(id: string, content: Uint8Array): Promise<SealedContent>;
  unseal(id: string, content: SealedContent): Promise<Buffer>;
}

export type LegalHoldId = Id<'legal-hold'>;

/** Keeps the papers of an application beyond their time. */
export interface LegalHold {
  id: LegalHoldId;
  applicationId: ApplicationId;
  /** Of the court's or authority's order. */
  orderNumber: string;
  laidBy: OfficerId;
  laidAt: Date;
}

export interface EvidenceStore {
  /** The same paper of the same kind that is there already, if it is; then nothing is inserted. */
  insert(tx: Transaction, evidence: Evidence, content: SealedContent): Promise<Evidence | undefined>;
  /** Oldest first. */
  ofApplication(applicationId: ApplicationId): Promise<KeptEvidence[]>;
  content(id: EvidenceId): Promise<SealedContent | undefined>;
  /** Content whose time was over at a moment and that no hold keeps, oldest first. */
  expired(now: Date, limit: number): Promise<Pick<Evidence, 'id' | 'applicationId'>[]>;
  /** False, and nothing is deleted, when somebody has done it, or a hold keeps it since. */
  deleteContent(tx: Transaction, id: EvidenceId, at: Date, by: string): Promise<boolean>;
  insertHold(tx: Transaction, hold: LegalHold): Promise<void>;
  /** False when there is no such hold on the application, or it is lifted. */
  liftHold(
    tx: Transaction,
    hold: Pick<LegalHold, 'id' | 'applicationId'>,
    liftedBy: OfficerId,
    at: Date,
  ): Promise<boolean>;
  /** Holds that stand. */
  holdsOn(applicationId: ApplicationId): Promise<LegalHold[]>;
}

export interface EvidenceHouse {
  evidence: EvidenceStore;
  vault: EvidenceVault;
  applications: ApplicationStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}
