import type { Approval } from '../ra/approval/approval-store.ts';

export interface ApprovalRow {
  application_id: Approval['applicationId'];
  application_version: number;
  approved_by: Approval['approvedBy'];
  approved_at: Date;
  document: Buffer;
  method: Approval['proof']['method'];
  credential_id: Buffer | null;
  client_data_json: Buffer | null;
  authenticator_data: Buffer | null;
  certificate_sha256: Buffer | null;
  signature: Buffer;
}

/** The table's checks say which columns go with which method. */
export function approvalOf(row: ApprovalRow): Approval {
  return {
    applicationId: row.application_id,
    applicationVersion: row.application_version,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    document: row.document,
    proof:
      row.method === 'passkey'
        ? {
            method: row.method,
            credentialId: row.credential_id!,
            clientDataJson: row.client_data_json!,
            authenticatorData: row.authenticator_data!,
            signature: row.signature,
          }
        : { method: row.method, certificateSha256: row.certificate_sha256!, signature: row.signature },
  };
}
