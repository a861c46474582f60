import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { ActivationStore } from './activation/activation-store.ts';
import type { ApplicationStore } from './application-store.ts';
import type { ApprovalStore } from './approval/approval-store.ts';
import type { CertificateIssuer } from './certificate-issuer.ts';
import type { AttestationStore } from './enrolment/attestation-store.ts';
import type { EvidenceVault } from './evidence/evidence-house.ts';
import type { LicenceStore } from './licence/licence-store.ts';
import type { RegisterHouse } from './registers/ask-registers.ts';
import type { KeyStoreKind } from './self-service/self-service-house.ts';

/** What the use cases of the registration authority work with. */
export type RegistrationHouse = IssuingHouse &
  RegisterHouse & {
    /** Where the key of a certificate of this profile is; undefined for what is no holder's. */
    keyStoreOf(profileId: string): KeyStoreKind | undefined;
  };

/** What issuing for an approved application needs of it. */
export interface IssuingHouse {
  applications: ApplicationStore;
  approvals: ApprovalStore;
  activations: ActivationStore;
  /** What came with activations, and what opens it. */
  attestations: AttestationStore;
  vault: EvidenceVault;
  issuer: CertificateIssuer;
  licences: Pick<LicenceStore, 'standingsOf'>;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}
