import type { AuditActor } from '../audit/audit-event.ts';
import type { CertifiedFacts } from '../pki/approval/approval-document.ts';
import type { Approval } from './approval/approval-store.ts';
import type { Applicant } from './application.ts';

export interface CertificateRequest {
  profileId: string;
  /** Issuing CA; chosen by `check`. */
  authorityId: string;
  /** `application:<id>`: issuing twice for one origin is the caller's mistake, finding it again is not. */
  origin: string;
  subjectPublicKeyInfo: Buffer;
  applicant: Applicant;
}

/** What the registration authority wants of a certification authority; `cli` connects the two. */
export interface CertificateIssuer {
  /** Id of the CA that offers a profile; rejects when there is none. */
  authorityFor(profileId: string): Promise<string>;
  /** Refuses what `issue` would refuse, without leaving anything behind. */
  check(request: CertificateRequest): Promise<void>;
  /**
   * Refuses what `issue` would refuse at this moment: as `check`, a CA whose key does not sign now, and a holder who has a
   * certificate, which the one who files may still mean to revoke.
   */
  checkReady(request: CertificateRequest): Promise<void>;
  /** What `issue` would certify: what an approval has to say. */
  preview(request: CertificateRequest): Promise<CertifiedFacts>;
  /** Verifies the approval by itself. Resolves when the certificate is durable and its status visible. */
  issue(request: CertificateRequest, approval: Approval, actor: AuditActor): Promise<void>;
  /** Whether a certificate of this origin exists. */
  hasIssued(origin: string): Promise<boolean>;
}
