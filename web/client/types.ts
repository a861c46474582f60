// What the API answers with, as docs/openapi.json says it; test/web/client.test.ts holds both together.

export type Role =
  'clerk' | 'approving-officer' | 'office-manager' | 'ca-operator' | 'security-officer' | 'auditor';

export type OfficeKind = 'medical-council' | 'e-government-counter' | 'notary';

export interface Officer {
  id: string;
  officeId: string;
  name: string;
  roles: Role[];
}

/** The signed-in officer. */
export interface Session extends Officer {
  officer: Officer & { officeName: string; officeKind: OfficeKind };
  method: 'link' | 'passkey' | 'certificate';
  expiresAt: string;
  /** Passkeys and certificates with which the officer can approve. */
  credentials: number;
}

export type ApplicationState =
  | 'draft'
  | 'checked'
  | 'submitted'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'activation'
  | 'issued'
  | 'accepted'
  | 'expired';

export interface Applicant {
  nationalId: string;
  givenName: string;
  surname: string;
  latinName: string;
  councilNumber: { group: string; digits: string };
}

export type RegisterName = 'medical-council' | 'civil-registry' | 'shahkar';

export interface RegisterAnswer {
  id: string;
  register: RegisterName;
  result: 'MATCH' | 'NO_MATCH' | 'UNAVAILABLE';
  reason: string;
  answeredAt: string;
}

export interface Application {
  id: string;
  officeId: string;
  state: ApplicationState;
  version: number;
  profile: string;
  authority: string;
  delivery: Delivery;
  applicant: Applicant;
  filedBy: string;
  filedAt: string;
  decidedBy?: string;
  decidedAt?: string;
  decisionNote?: string;
  registerAnswers?: RegisterAnswer[];
}

/** How certificate and key come together. */
export type Delivery = 'request' | 'card' | 'phone';

export interface DraftContent {
  delivery?: Delivery;
  profile?: string;
  applicant?: {
    nationalId?: string;
    givenName?: string;
    surname?: string;
    latinName?: string;
    councilNumber?: { group?: string; digits?: string };
  };
  certificationRequest?: string;
}

/** What a clerk has saved and not filed yet; it keeps its id when it is filed. */
export interface SavedDraft {
  id: string;
  officeId: string;
  state: 'draft' | 'checked';
  version: number;
  draft: DraftContent;
  savedBy: string;
  savedAt: string;
  registerAnswers?: RegisterAnswer[];
}

export type Case = Application | SavedDraft;

export function isSavedDraft(one: Case): one is SavedDraft {
  return 'draft' in one;
}

export interface Page<T> {
  items: T[];
  next?: string;
}

export interface CertificateStatus {
  kind: 'good' | 'revoked';
  revokedAt?: string;
  reason?: string;
  invalidityDate?: string;
}

export interface Certificate {
  authority: string;
  serialNumber: string;
  profile: string;
  notBefore: string;
  notAfter: string;
  issuedAt: string;
  sha256: string;
  status: CertificateStatus;
  applicationId: string;
  applicant: Applicant;
  certificate: string;
}

export type StatusEvent = 'issued' | 'held' | 'released' | 'revoked';

export interface StatusChange {
  changeNumber: number;
  event: StatusEvent;
  effectiveAt: string;
  reason?: string;
  invalidityDate?: string;
}

export type HoldCauseKind = 'lost' | 'licence-suspended' | 'office-order' | 'unconfirmed';

export interface HoldCause {
  cause: HoldCauseKind;
  laidAt: string;
  laidBy: string;
}

export interface CertificateWithHistory extends Certificate {
  history: StatusChange[];
  /** Why it is on hold; empty when it is not. */
  holdCauses?: HoldCause[];
}

export type TimelineEvent =
  'application-filed' | 'application-decided' | StatusEvent | 'expires' | 'cause-laid' | 'cause-lifted';

export interface HolderFile {
  holder: Applicant & { id: string; firstInPersonAt?: string; lastInPersonAt?: string };
  /** Masked. */
  contact: { mobile?: string; email?: string };
  applications: {
    id: string;
    officeId: string;
    state: ApplicationState;
    profile: string;
    filedAt: string;
    decidedAt?: string;
  }[];
  certificates: Certificate[];
  /** Oldest first. */
  timeline: {
    at: string;
    event: TimelineEvent;
    applicationId?: string;
    authority?: string;
    serialNumber?: string;
    state?: ApplicationState;
    reason?: string;
    by?: string;
  }[];
}

export interface Authority {
  id: string;
  issuer?: string;
  assuranceLevel: number;
  subject: string;
  notBefore: string;
  notAfter: string;
  profiles: string[];
  certificateUrl: string;
  crlUrl: string;
  ocspUrl?: string;
}

/** What a clerk files. */
export interface ApplicationInput {
  profile: string;
  delivery?: Delivery;
  applicant: Applicant;
  /** Absent where a phone will make the key. */
  certificationRequest?: string;
}

export interface Office {
  id: string;
  kind: OfficeKind;
  name: string;
}

export interface OfficerOfOffice extends Officer {
  createdAt: string;
  removedAt?: string;
  passkeys: number;
}

/** With which an officer signs in and approves. */
export interface OfficerCertificate {
  authority: string;
  serialNumber: string;
  notBefore: string;
  notAfter: string;
  isGood: boolean;
  certificate: string;
}

export type OfficerChangeKind = 'add' | 'set-roles' | 'remove' | 'restore' | 'reset' | 'certify';

export interface OfficerChange {
  id: string;
  kind: OfficerChangeKind;
  officeId: string;
  officerId: string;
  name?: string;
  roles?: Role[];
  proposedBy: string;
  proposedAt: string;
  state: 'pending' | 'confirmed' | 'rejected';
}

export type OfficerChangeInput =
  | { kind: 'add'; officeId: string; name: string; nationalId?: string; roles: Role[] }
  | { kind: 'set-roles'; officerId: string; roles: Role[] }
  | { kind: 'remove' | 'restore' | 'reset'; officerId: string };

export type EvidenceKind =
  | 'signed-form'
  | 'agreement'
  | 'id-copy'
  | 'council-card-copy'
  | 'photo'
  | 'card-receipt'
  | 'activation-record'
  | 'other';

export interface Evidence {
  id: string;
  kind: EvidenceKind;
  mediaType: string;
  octets: number;
  sha256: string;
  addedBy: string;
  addedAt: string;
  deletedAt?: string;
}

/** What the CA says of a system that may ask for signatures. */
export interface RelyingPartyTerms {
  displayedName: string;
  patientView: 'masked' | 'whole';
  callbackUrls: string[];
}

/** By what such a system is known: its public key, or its certificate for mutual TLS. */
export interface RelyingPartyCredential {
  kind: 'jwk' | 'certificate';
  keyId: string;
  addedAt: string;
  notAfter?: string;
}

/** A system that may ask for signatures. */
export interface RelyingParty extends RelyingPartyTerms {
  id: string;
  mayHandInDigests: boolean;
  version: number;
  registeredAt: string;
  disabledAt?: string;
  credentials: RelyingPartyCredential[];
}
