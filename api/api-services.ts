import type { AuditLog } from '../audit/audit-log.ts';
import type { PublishedCrls } from '../ca/crl/crl-cache.ts';
import type { Clock } from '../core/clock.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import type { ApprovalHouse } from '../ra/approval/approval-house.ts';
import type { CertificateDirectory } from '../ra/certificate-directory.ts';
import type { CertificateStatusChanger, StatusChangeHouse } from '../ra/change-certificate-status.ts';
import type { DraftHouse } from '../ra/drafts/edit-draft.ts';
import type { OfficeHouse } from '../ra/offices/office-house.ts';
import type { SignInHouse } from '../ra/sign-in-house.ts';
import type { Dashboard } from '../ra/dashboard/dashboard.ts';
import type { EvidenceHouse } from '../ra/evidence/evidence-house.ts';
import type { HolderStore } from '../ra/holders/holder-store.ts';
import type { ContactHouse } from '../ra/holders/set-contact.ts';
import type { HoldStore } from '../ra/holds/hold-store.ts';
import type { InspectionStore } from '../ra/inspections/inspection.ts';
import type { LicenceHouse } from '../ra/licence/licence-house.ts';
import type { PersonalisationHouse } from '../ra/personalisation/personalisation-house.ts';
import type { RegistrationHouse } from '../ra/registration-house.ts';
import type { RenewalHouse } from '../ra/renewal/renewal.ts';
import type { SelfServiceHouse } from '../ra/self-service/self-service-house.ts';
import type { AugmentationHouse } from '../signing/augment-for-relying-party.ts';
import type { LookUpStatus } from './certificate-statuses/look-up-certificate-status.ts';
import type { DashboardServices } from './dashboard/read-dashboard.ts';
import type { ChunkValidator } from '../validation/batch/validate-in-order.ts';
import type { KeptVerdictStore } from '../validation/kept/kept-verdict.ts';
import type { CscServices } from './csc/csc-services.ts';
import type { MetricsEndpoint } from './metrics-route.ts';
import type { ValidatePath } from './path-validations/create-path-validation.ts';
import type { SigningServices } from './signing-services.ts';
import type { StampAnswerer } from './public/time-stamp-route.ts';
import type { ValidationReports } from './validation-reports/validation-reports.ts';
import type { Validate } from './validations/create-validation.ts';

/** A CA as the public may know it. */
export interface PublishedAuthority {
  id: string;
  issuerId?: string;
  assuranceLevel: number;
  /** DER. */
  certificate: Buffer;
  subject: string;
  notBefore: Date;
  notAfter: Date;
  profiles: string[];
}

/** Everything the routes call; wired in `cli`. */
export interface ApiServices {
  registration: ApprovalHouse & DraftHouse;
  signIn: SignInHouse;
  offices: OfficeHouse;
  directory: CertificateDirectory;
  statusChanger: CertificateStatusChanger;
  statusChanges: StatusChangeHouse;
  holds: HoldStore;
  holders: HolderStore;
  contacts: ContactHouse;
  papers: EvidenceHouse;
  inspections: InspectionStore;
  renewal: RenewalHouse;
  dashboard: Dashboard;
  ocspFreshness: DashboardServices['ocspFreshness'];
  selfService: SelfServiceHouse & Pick<RegistrationHouse, 'applications'>;
  licence: LicenceHouse;
  personalisation: PersonalisationHouse;
  /** Where the card agent of a workstation listens; pages of the console may talk to it. */
  cardAgentUrl: string;
  authorities: readonly PublishedAuthority[];
  /** Base of the public addresses, without a slash at the end. */
  publicUrl: string;
  /** Base of the addresses that officers open, where it is another one; sessions live there. */
  consoleUrl: string;
  /** Text behind `/cps`. */
  practiceStatement: string;
  ocspResponder: OcspResponder;
  publishedCrls: PublishedCrls;
  augmentation: AugmentationHouse;
  validate: Validate;
  validateChunk: ChunkValidator;
  reports: ValidationReports;
  keptVerdicts: KeptVerdictStore;
  lookUpStatus: LookUpStatus;
  validatePath: ValidatePath;
  signing: SigningServices;
  tsa: StampAnswerer;
  csc: CscServices;
  metrics: MetricsEndpoint;
  /** Where the built console lies; absent where it was not built. */
  consoleFolder?: string | undefined;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
  /** What `/ready` asks, by name; each resolves or rejects. */
  readiness: Readonly<Record<string, () => Promise<void>>>;
}
