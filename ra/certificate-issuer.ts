import type { AuditActor } from '../audit/audit-event.ts';
import type { KeyAttestation } from '../pki/attestation/key-attestation.ts';
import type { ApprovedFacts } from '../pki/approval/approval-document.ts';
import type { UsedActivation } from './activation/activation.ts';
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

/** The same before the key is known: it is made on the holder's phone when the certificate is activated. */
export type UnkeyedRequest = Omit<CertificateRequest, 'subjectPublicKeyInfo'> &
  Partial<Pick<CertificateRequest, 'subjectPublicKeyInfo'>>;

/** What the CA is shown: the approval, and for one that leaves the key open the activation that brought it. */
export type ShownApproval = Approval & { activation?: ShownActivation };

export interface ShownActivation extends Required<UsedActivation> {
  /** What the phone has shown for the key; the CA judges it by itself. */
  attestation?: KeyAttestation;
}

/** What the registration authority wants of a certification authority; `cli` connects the two. */
export interface CertificateIssuer {
  /** Id of the CA that offers a profile; rejects when there is none. */
  authorityFor(profileId: string): Promise<string>;
  /** Refuses what `issue` would refuse, without leaving anything behind. */
  check(request: UnkeyedRequest): Promise<void>;
  /**
   * Refuses what `issue` would refuse at this moment: as `check`, a CA whose key does not sign now, and a holder who has a
   * certificate, which the one who files may still mean to revoke.
   */
  checkReady(request: UnkeyedRequest): Promise<void>;
  /** What `issue` would certify: what an approval has to say. Without a key, that it is the one of the activation. */
  preview(request: UnkeyedRequest): Promise<ApprovedFacts>;
  /** Verifies the approval by itself. Resolves when the certificate is durable and its status visible. */
  issue(request: CertificateRequest, approval: ShownApproval, actor: AuditActor): Promise<void>;
  /** Whether a certificate of this origin exists. */
  hasIssued(origin: string): Promise<boolean>;
}
