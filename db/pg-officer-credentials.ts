import type { ApprovalCredential, ApprovalCredentials } from '../ca/approval/approval-credentials.ts';
import type { Transaction } from '../core/transaction.ts';
import type { CredentialReference } from '../pki/approval/approval-proof.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { OfficerCredentials } from '../ra/approval/approval-store.ts';
import { pg } from './pg-transaction.ts';

/** Passkeys and certificates of officers, as they were in force at a moment. */
export class PgOfficerCredentials implements ApprovalCredentials, OfficerCredentials {
  async find(
    tx: Transaction,
    credential: CredentialReference,
    at: Date,
  ): Promise<ApprovalCredential | undefined> {
    return credential.method === 'passkey'
      ? findPasskey(tx, credential.credentialId, at)
      : findCertificate(tx, credential.certificateSha256, at);
  }
}

async function findPasskey(
  tx: Transaction,
  credentialId: Buffer,
  at: Date,
): Promise<ApprovalCredential | undefined> {
  const [row] = await pg(tx).query<{ officer_id: string; spki: Buffer }>({
    text: `select p.officer_id, p.spki from passkey p join officer o on o.id = p.officer_id
      where p.credential_id = $1 and p.created_at <= $2 and (p.removed_at is null or p.removed_at >= $2)
        and (o.removed_at is null or o.removed_at >= $2)`,
    values: [credentialId, at],
  });
  return row && { officerId: row.officer_id, key: { method: 'passkey', subjectPublicKeyInfo: row.spki } };
}

/** Good by the status history, and within its time. */
async function findCertificate(
  tx: Transaction,
  sha256: Buffer,
  at: Date,
): Promise<ApprovalCredential | undefined> {
  const [row] = await pg(tx).query<{ officer_id: string; der: Buffer }>({
    text: `select oc.officer_id, c.der from officer_certificate oc
      join certificate c on c.sha256 = oc.certificate_sha256
      join officer o on o.id = oc.officer_id
      where oc.certificate_sha256 = $1 and c.not_before <= $2 and c.not_after >= date_trunc('second', $2::timestamptz)
        and (o.removed_at is null or o.removed_at >= $2)
        and (select s.event from status_change s
          where s.authority_id = c.authority_id and s.serial_number = c.serial_number and s.effective_at <= $2
          order by s.change_number desc limit 1) in ('issued', 'released')`,
    values: [sha256, at],
  });
  return (
    row && {
      officerId: row.officer_id,
      key: { method: 'certificate', certificate: parseCertificate(row.der) },
    }
  );
}
