import { Database } from '../db/database.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { PgApplicationStore } from '../db/pg-application-store.ts';
import { PgAuditLog } from '../db/pg-audit-log.ts';
import { PgAuthorityStore } from '../db/pg-authority-store.ts';
import { PgBlockedKeys } from '../db/pg-blocked-keys.ts';
import { PgCertificateDirectory } from '../db/pg-certificate-directory.ts';
import { PgCertificateStore } from '../db/pg-certificate-store.ts';
import { PgCrlStatusSource } from '../db/pg-crl-status-source.ts';
import { PgCrlStore } from '../db/pg-crl-store.ts';
import { PgDashboard } from '../db/pg-dashboard.ts';
import { PgEvidenceStore } from '../db/pg-evidence-store.ts';
import { PgHolderStore } from '../db/pg-holder-store.ts';
import { PgHoldStore } from '../db/pg-hold-store.ts';
import { PgInspectionStore } from '../db/pg-inspection-store.ts';
import { PgLicenceCertificates } from '../db/pg-licence-certificates.ts';
import { PgLicenceStore } from '../db/pg-licence-store.ts';
import { PgMessageStore } from '../db/pg-message-store.ts';
import { PgOcspStatusSource } from '../db/pg-ocsp-status-source.ts';
import { PgOfficerStore } from '../db/pg-officer-store.ts';
import { PgReminderStore } from '../db/pg-reminder-store.ts';
import { PgRenewalStore } from '../db/pg-renewal-store.ts';
import { PgResponderRequests } from '../db/pg-responder-requests.ts';
import { PgRegisterAnswers } from '../db/pg-register-answers.ts';
import { PgSelfServiceStore } from '../db/pg-self-service-store.ts';
import { PgStatusHistory } from '../db/pg-status-history.ts';
import { PgStatusStore } from '../db/pg-status-store.ts';

export type Stores = ReturnType<typeof openStores>;

/** Every store over one pool. */
export function openStores(opened: OpenedPool) {
  const database = new Database(opened.pool);
  return {
    database,
    applications: new PgApplicationStore(database),
    audit: new PgAuditLog(),
    authorities: new PgAuthorityStore(),
    blockedKeys: new PgBlockedKeys(database),
    certificates: new PgCertificateStore(),
    crlStatuses: new PgCrlStatusSource(database),
    crls: new PgCrlStore(database),
    figures: new PgDashboard(database),
    directory: new PgCertificateDirectory(database),
    evidence: new PgEvidenceStore(database),
    holders: new PgHolderStore(database),
    holds: new PgHoldStore(database),
    holderCertificates: new PgLicenceCertificates(database),
    inspections: new PgInspectionStore(database),
    licences: new PgLicenceStore(database),
    messages: new PgMessageStore(database),
    selfService: new PgSelfServiceStore(database),
    ocspStatuses: new PgOcspStatusSource(database),
    officers: new PgOfficerStore(database),
    renewals: new PgRenewalStore(database),
    reminders: new PgReminderStore(database),
    responderRequests: new PgResponderRequests(),
    registerAnswers: new PgRegisterAnswers(database),
    statusHistory: new PgStatusHistory(database),
    statuses: new PgStatusStore(),
  };
}
