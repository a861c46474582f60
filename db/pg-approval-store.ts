import type { Transaction } from '../core/transaction.ts';
import type { ApplicationId } from '../ra/application.ts';
import type { Approval, ApprovalStore } from '../ra/approval/approval-store.ts';
import { approvalOf } from './approval-row.ts';
import type { ApprovalRow } from './approval-row.ts';
import type { Database } from './database.ts';
import { pg } from './pg-transaction.ts';

export class PgApprovalStore implements ApprovalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Transaction, { proof, ...approval }: Approval): Promise<void> {
    const isPasskey = proof.method === 'passkey';
    await pg(tx).execute({
      text: `insert into application_approval (application_id, application_version, approved_by, approved_at, document,
          document_sha256, method, credential_id, client_data_json, authenticator_data, certificate_sha256, signature)
        values ($1, $2, $3, $4, $5, sha256($5::bytea), $6, $7, $8, $9, $10, $11)`,
      values: [
        approval.applicationId,
        approval.applicationVersion,
        approval.approvedBy,
        approval.approvedAt,
        approval.document,
        proof.method,
        isPasskey ? proof.credentialId : null,
        isPasskey ? proof.clientDataJson : null,
        isPasskey ? proof.authenticatorData : null,
        isPasskey ? null : proof.certificateSha256,
        proof.signature,
      ],
    });
  }

  async find(id: ApplicationId): Promise<Approval | undefined> {
    const [row] = await this.#database.query<ApprovalRow>({
      text: `select application_id, application_version, approved_by, approved_at, document, method, credential_id,
          client_data_json, authenticator_data, certificate_sha256, signature
        from application_approval where application_id = $1 order by application_version desc limit 1`,
      values: [id],
    });
    return row && approvalOf(row);
  }
}
