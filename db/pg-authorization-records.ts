import type { AuthorizationRecords } from '../ca/approval/authorization-records.ts';
import type { ActivationProof, IssuanceAuthorization } from '../ca/approval/issuance-authorization.ts';
import { isUuid } from '../core/ids.ts';
import type { Transaction } from '../core/transaction.ts';
import { approvalOf } from './approval-row.ts';
import type { ApprovalRow } from './approval-row.ts';
import { pg } from './pg-transaction.ts';

type Intent = Parameters<AuthorizationRecords['of']>[1];
type Read = (tx: Transaction, id: string, intent: Intent) => Promise<IssuanceAuthorization | undefined>;

/** By what kind of origin a certificate has. */
const READERS: Readonly<Record<string, Read | undefined>> = {
  application: async (tx, id, intent) => (await findApproval(tx, id, intent)) ?? findExemption(tx, id),
  renewal: findRenewal,
  'officer-change': findOfficerChange,
};

/** What the service asks for itself. */
const SERVICE_ORIGINS: ReadonlySet<string> = new Set(['responder', 'time-stamping-unit']);

export class PgAuthorizationRecords implements AuthorizationRecords {
  async of(tx: Transaction, intent: Intent): Promise<IssuanceAuthorization | undefined> {
    const [kind, id] = intent.origin.split(':', 2);
    if (SERVICE_ORIGINS.has(kind)) return { kind: 'service-exemption' };
    return isUuid(id ?? '') ? READERS[kind]?.(tx, id, intent) : undefined;
  }
}

/** The one that the intent names; of intents from before they named one, the newest. */
async function findApproval(
  tx: Transaction,
  id: string,
  { approvalSha256 }: Intent,
): Promise<IssuanceAuthorization | undefined> {
  const [row] = await pg(tx).query<ApprovalRow>({
    text: `select application_id, application_version, approved_by, approved_at, document, method, credential_id,
        client_data_json, authenticator_data, certificate_sha256, signature
      from application_approval where application_id = $1 and ($2::bytea is null or document_sha256 = $2)
      order by application_version desc limit 1`,
    values: [id, approvalSha256 ?? null],
  });
  if (!row) return undefined;
  const { document, proof, approvedAt } = approvalOf(row);
  const activation = await findActivation(tx, id);
  return { kind: 'approval', document, proof, approvedAt, ...(activation && { activation }) };
}

async function findActivation(tx: Transaction, id: string): Promise<ActivationProof | undefined> {
  const [row] = await pg(tx).query<{ id: string; used_at: Date; certification_request: Buffer }>({
    text: `select id, used_at, certification_request from activation
      where application_id = $1 and used_at is not null and certification_request is not null`,
    values: [id],
  });
  return (
    row && { activationId: row.id, usedAt: row.used_at, certificationRequest: row.certification_request }
  );
}

async function findExemption(tx: Transaction, id: string): Promise<IssuanceAuthorization | undefined> {
  const [row] = await pg(tx).query<{ campaign: string; filed_by: string; approved_by: string }>({
    text: `select coalesce(campaign, kind) as campaign, filed_by, approved_by from approval_exemption
      where application_id = $1`,
    values: [id],
  });
  return (
    row && {
      kind: 'campaign-exemption',
      campaign: row.campaign,
      filedBy: row.filed_by,
      approvedBy: row.approved_by,
    }
  );
}

async function findRenewal(tx: Transaction, id: string): Promise<IssuanceAuthorization | undefined> {
  const [row] = await pg(tx).query<{ document: Buffer; signature: Buffer | null }>({
    text: 'select document, signature from renewal where id = $1',
    values: [id],
  });
  if (!row) return undefined;
  const { document, signature } = row;
  if (!signature) return { kind: 'holder-session', renewalId: id, document };
  return { kind: 'holder-signature', renewalId: id, document, signature };
}

async function findOfficerChange(tx: Transaction, id: string): Promise<IssuanceAuthorization | undefined> {
  const [row] = await pg(tx).query<{ officer_id: string; decided_by: string }>({
    text: `select officer_id, decided_by from officer_change
      where id = $1 and kind = 'certify' and state = 'confirmed'`,
    values: [id],
  });
  return (
    row && {
      kind: 'officer-change-exemption',
      changeId: id,
      requestedBy: row.officer_id,
      confirmedBy: row.decided_by,
    }
  );
}
