import type { AuditActor } from '../../audit/audit-event.ts';
import type { Office, Officer, OfficerId } from '../officer.ts';

/** Certificate with which an officer signs in and approves, asked of a CA. */
export interface OfficerCertificateRequest {
  officer: Officer;
  office: Office;
  subjectPublicKeyInfo: Buffer;
}

/** What two officers have agreed on: the CA takes it in the place of an approval. */
export interface ConfirmedCertification {
  changeId: string;
  requestedBy: OfficerId;
  confirmedBy: OfficerId;
}

/** Lost or copied; or not needed any more. */
export const OFFICER_REVOCATION_REASONS = ['keyCompromise', 'cessationOfOperation'] as const;
export type OfficerRevocationReason = (typeof OFFICER_REVOCATION_REASONS)[number];

/** What the registration authority wants of a certification authority for its own officers; `cli` connects the two. */
export interface OfficerCertifier {
  /** Refuses what `issue` would refuse, without leaving anything behind. */
  check(request: OfficerCertificateRequest): Promise<void>;
  /** Resolves to the SHA-256 of the certificate, when it is durable and its status visible; again to the same one. */
  issue(
    request: OfficerCertificateRequest,
    confirmed: ConfirmedCertification,
    actor: AuditActor,
  ): Promise<Buffer>;
  /** Ends it, e.g. when its officer is removed; resolves when that is visible. */
  revoke(
    certificate: { authorityId: string; serialNumber: Buffer },
    reason: OfficerRevocationReason,
    actor: AuditActor,
  ): Promise<void>;
}
