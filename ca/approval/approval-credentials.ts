import type { Transaction } from '../../core/transaction.ts';
import type { ApprovalKey, CredentialReference } from '../../pki/approval/approval-proof.ts';

/** Whose credential it is, and what verifies its signatures. */
export interface ApprovalCredential {
  officerId: string;
  key: ApprovalKey;
}

/** The officers' credentials, as the CA looks them up by itself: what it is handed with an approval proves nothing. */
export interface ApprovalCredentials {
  /** Undefined unless the credential was enrolled, neither removed nor revoked nor on hold, and its officer in office, at that moment. */
  find(tx: Transaction, credential: CredentialReference, at: Date): Promise<ApprovalCredential | undefined>;
}
