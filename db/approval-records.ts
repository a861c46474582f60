import type { ApprovalProof } from '../pki/approval/approval-proof.ts';
import { approvalOf } from './approval-row.ts';
import type { ApprovalRow } from './approval-row.ts';
import type { Database } from './database.ts';

/** An approval's row beside its application's, its signer's credential's and its certificate's, as they stand. */
export interface ApprovalRecordRow {
  applicationId: string;
  applicationVersion: number;
  approvedBy: string;
  approvedAt: Date;
  document: Buffer;
  documentSha256: Buffer;
  proof: ApprovalProof;
  filedBy: string;
  officeId: string;
  applicant: { nationalId: string; givenName: string; surname: string; latinName: string };
  /** Of what was filed with a key. */
  certificationRequest?: Buffer;
  profileId: string;
  authorityId: string;
  delivery: string;
  spkiSha256?: Buffer;
  councilNumber: { group: string; digits: string };
  credential?: { officerId: string; wasInForce: boolean; key: RecordedKey };
  /** What the holder has activated with, of phones. */
  activation?: { usedAt: Date; certificationRequest: Buffer };
  /** DER. */
  certificate?: Buffer;
  /** Of the intent: digest of the approval that it rests on; of those that were recorded with one. */
  intentApprovalSha256?: Buffer;
}

/** As it stands: the check reads it. */
export type RecordedKey =
  | { method: 'passkey'; subjectPublicKeyInfo: Buffer }
  | { method: 'certificate'; /** DER. */ certificate: Buffer };

interface JoinedRow extends ApprovalRow {
  office_id: string;
  national_id: string;
  given_name: string;
  surname: string;
  latin_name: string;
  application_request: Buffer | null;
  document_sha256: Buffer;
  filed_by: string;
  profile_id: string;
  authority_id: string;
  delivery: string;
  spki_sha256: Buffer | null;
  used_at: Date | null;
  certification_request: Buffer | null;
  approval_sha256: Buffer | null;
  council_group: string;
  council_digits: string;
  credential_officer: string | null;
  credential_in_force: boolean | null;
  credential_spki: Buffer | null;
  signer_der: Buffer | null;
  der: Buffer | null;
}

/** All approvals in pages, ordered by application. */
export async function* readApprovalRecords(
  database: Database,
  pageRows: number,
): AsyncGenerator<ApprovalRecordRow[]> {
  let after: [string, number] = ['00000000-0000-0000-0000-000000000000', 0];
  for (;;) {
    const rows: JoinedRow[] = await database.query<JoinedRow>({
      name: 'records-approvals',
      text: `select p.application_id, p.application_version, p.approved_by, p.approved_at, p.document, p.document_sha256,
          p.method, p.credential_id, p.client_data_json, p.authenticator_data, p.certificate_sha256, p.signature,
          a.office_id, a.national_id, a.given_name, a.surname, a.latin_name,
          a.certification_request as application_request, a.filed_by, a.profile_id, a.authority_id, a.delivery, a.spki_sha256, a.council_group, a.council_digits,
          coalesce(k.officer_id, oc.officer_id) as credential_officer, k.spki as credential_spki, s.der as signer_der,
          case p.method
            when 'passkey' then k.created_at <= p.approved_at and coalesce(k.removed_at >= p.approved_at, true)
            else s.not_before <= p.approved_at and s.not_after >= date_trunc('second', p.approved_at)
              and (select h.event from status_change h
                where h.authority_id = s.authority_id and h.serial_number = s.serial_number
                  and h.effective_at <= p.approved_at order by h.change_number desc limit 1) in ('issued', 'released')
          end as credential_in_force, c.der,
          v.used_at, v.certification_request, i.approval_sha256
        from application_approval p
        join application a on a.id = p.application_id
        left join passkey k on k.credential_id = p.credential_id
        left join certificate s on s.sha256 = p.certificate_sha256
        left join officer_certificate oc on oc.certificate_sha256 = p.certificate_sha256
        left join certificate c on c.origin = 'application:' || p.application_id
        left join issuance_intent i on i.authority_id = c.authority_id and i.serial_number = c.serial_number
        left join activation v on v.application_id = p.application_id and v.used_at is not null
        where (p.application_id, p.application_version) > ($1, $2)
        order by p.application_id, p.application_version limit $3`,
      values: [...after, pageRows],
    });
    if (rows.length > 0) yield rows.map(recordOf);
    if (rows.length < pageRows) return;
    const last = rows[rows.length - 1];
    after = [last.application_id, last.application_version];
  }
}

function recordOf(row: JoinedRow): ApprovalRecordRow {
  const { applicationId, applicationVersion, approvedBy, approvedAt, document, proof } = approvalOf(row);
  const key = keyOf(row);
  return {
    applicationId,
    applicationVersion,
    approvedBy,
    approvedAt,
    document,
    documentSha256: row.document_sha256,
    proof,
    filedBy: row.filed_by,
    officeId: row.office_id,
    applicant: {
      nationalId: row.national_id,
      givenName: row.given_name,
      surname: row.surname,
      latinName: row.latin_name,
    },
    ...(row.application_request && { certificationRequest: row.application_request }),
    profileId: row.profile_id,
    authorityId: row.authority_id,
    delivery: row.delivery,
    ...(row.spki_sha256 && { spkiSha256: row.spki_sha256 }),
    councilNumber: { group: row.council_group, digits: row.council_digits },
    ...(key &&
      row.credential_officer !== null && {
        credential: { officerId: row.credential_officer, wasInForce: row.credential_in_force === true, key },
      }),
    ...(row.used_at &&
      row.certification_request && {
        activation: { usedAt: row.used_at, certificationRequest: row.certification_request },
      }),
    ...(row.der && { certificate: row.der }),
    ...(row.approval_sha256 && { intentApprovalSha256: row.approval_sha256 }),
  };
}

function keyOf({ credential_spki, signer_der }: JoinedRow): RecordedKey | undefined {
  if (credential_spki) return { method: 'passkey', subjectPublicKeyInfo: credential_spki };
  return signer_der ? { method: 'certificate', certificate: signer_der } : undefined;
}
