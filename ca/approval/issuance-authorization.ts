import type { KeyAttestation } from '../../pki/attestation/key-attestation.ts';
import type { ApprovalProof } from '../../pki/approval/approval-proof.ts';

/**
 * What lets the CA issue. For an application it is an officer's signature over exactly what will be certified, for a renewal the
 * holder's; everything else is an exemption with a name, and each is good for its own purposes only.
 */
export type IssuanceAuthorization =
  | ({ kind: 'approval' } & OfficerApproval)
  | HolderSignature
  | HolderSession
  | CampaignExemption
  | ServiceExemption
  | OfficerChangeExemption;

export interface OfficerApproval {
  /** Octets of the canonical approval document. */
  document: Buffer;
  proof: ApprovalProof;
  approvedAt: Date;
  /** With an approval that leaves the key open, and never with another. */
  activation?: ActivationProof;
}

/** That the holder has activated, as far as the CA can know: who checks the codes is the registration authority. */
export interface ActivationProof {
  activationId: string;
  usedAt: Date;
  /** PKCS#10, DER: its signature proves the key. */
  certificationRequest: Buffer;
  /** What the phone shows for the key; the CA judges it by itself. */
  attestation?: KeyAttestation;
}

/** A renewal: the certificate that is replaced signed for the key that goes on for it. */
export interface HolderSignature {
  kind: 'holder-signature';
  renewalId: string;
  /** Octets of the canonical renewal document. */
  document: Buffer;
  /** CMS that envelops the document. */
  signature: Buffer;
  /** What the phone shows for its new key; the CA judges it by itself. */
  attestation?: KeyAttestation;
}

/**
 * A renewal that was asked for over TLS with the certificate that is replaced. Nothing of it can be shown to others: that the
 * holder was there is the registration authority's word, and a CA takes it only where its deployment says so.
 */
export interface HolderSession {
  kind: 'holder-session';
  renewalId: string;
  /** Octets of the canonical renewal document. */
  document: Buffer;
}

/** A roster, by the thousand, under two officers whom the operator at the console named; recorded with each application. */
export interface CampaignExemption {
  kind: 'campaign-exemption';
  campaign: string;
  filedBy: string;
  approvedBy: string;
}

/** The service's own OCSP responders, time-stamping units and seals, which certify nobody. */
export interface ServiceExemption {
  kind: 'service-exemption';
}

/** An officer's certificate: one officer asked for it, another confirmed it. */
export interface OfficerChangeExemption {
  kind: 'officer-change-exemption';
  changeId: string;
  requestedBy: string;
  confirmedBy: string;
}

/** What came with it to show where the key is. */
export function attestationIn(authorization: IssuanceAuthorization | undefined): KeyAttestation | undefined {
  if (authorization?.kind === 'approval') return authorization.activation?.attestation;
  return authorization?.kind === 'holder-signature' ? authorization.attestation : undefined;
}
