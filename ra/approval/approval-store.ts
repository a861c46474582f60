import type { Transaction } from '../../core/transaction.ts';
import type { ApprovalKey, ApprovalProof, CredentialReference } from '../../pki/approval/approval-proof.ts';
import type { ApplicationId } from '../application.ts';
import type { OfficerId } from '../officer.ts';

/** An officer's signature over what is to be issued, with what was signed. */
export interface Approval {
  applicationId: ApplicationId;
  /** Of the application that was approved. */
  applicationVersion: number;
  approvedBy: OfficerId;
  approvedAt: Date;
  /** Octets of the canonical document. */
  document: Buffer;
  proof: ApprovalProof;
}

/** Approvals; append-only, for as long as certificates may have to be explained. */
export interface ApprovalStore {
  insert(tx: Transaction, approval: Approval): Promise<void>;
  /** The newest one; undefined for what a campaign has issued. */
  find(id: ApplicationId): Promise<Approval | undefined>;
}

/** Officers' credentials as approvals name them. */
export interface OfficerCredentials {
  /** Undefined unless it may sign for its officer at that moment. */
  find(
    tx: Transaction,
    credential: CredentialReference,
    at: Date,
  ): Promise<{ officerId: string; key: ApprovalKey } | undefined>;
}
