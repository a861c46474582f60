import { Database } from '../db/database.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { PgActivationStore } from '../db/pg-activation-store.ts';
import { PgApplicationStore } from '../db/pg-application-store.ts';
import { PgApprovalStore } from '../db/pg-approval-store.ts';
import { PgAttestationStore } from '../db/pg-attestation-store.ts';
import { PgAuditLog } from '../db/pg-audit-log.ts';
import { PgAuthorizationRecords } from '../db/pg-authorization-records.ts';
import { PgAuthorityStore } from '../db/pg-authority-store.ts';
import { PgBlockedKeys } from '../db/pg-blocked-keys.ts';
import { PgCallbackStore } from '../db/pg-callback-store.ts';
import { PgCardStore } from '../db/pg-card-store.ts';
import { PgCertificateDirectory } from '../db/pg-certificate-directory.ts';
import { PgCertificateStore } from '../db/pg-certificate-store.ts';
import { PgChallengeStore } from '../db/pg-challenge-store.ts';
import { PgCredentialDirectory } from '../db/pg-credential-directory.ts';
import { PgCscAuthorizationStore } from '../db/pg-csc-authorization-store.ts';
import { PgCrlStatusSource } from '../db/pg-crl-status-source.ts';
import { PgCrlStore } from '../db/pg-crl-store.ts';
import { PgDeviceStore } from '../db/pg-device-store.ts';
import { PgDraftStore } from '../db/pg-draft-store.ts';
import { PgIdempotencyStore } from '../db/pg-idempotency-store.ts';
import { PgLockoutStore } from '../db/pg-lockout-store.ts';
import { PgDashboard } from '../db/pg-dashboard.ts';
import { PgEvidenceStore } from '../db/pg-evidence-store.ts';
import { PgHolderStore } from '../db/pg-holder-store.ts';
import { PgHoldStore } from '../db/pg-hold-store.ts';
import { PgIssuanceRequests } from '../db/pg-issuance-requests.ts';
import { PgInspectionStore } from '../db/pg-inspection-store.ts';
import { PgKeptVerdictStore } from '../db/pg-kept-verdict-store.ts';
import { PgLicenceCertificates } from '../db/pg-licence-certificates.ts';
import { PgLicenceHistory } from '../db/pg-licence-history.ts';
import { PgLicenceStore } from '../db/pg-licence-store.ts';
import { PgMessageStore } from '../db/pg-message-store.ts';
import { PgOauthRecordStore } from '../db/pg-oauth-record-store.ts';
import { PgOcspStatusSource } from '../db/pg-ocsp-status-source.ts';
import { PgOfficeStore } from '../db/pg-office-store.ts';
import { PgOfficerCertificateStore } from '../db/pg-officer-certificate-store.ts';
import { PgOfficerChangeStore } from '../db/pg-officer-change-store.ts';
import { PgOfficerCredentials } from '../db/pg-officer-credentials.ts';
import { PgOfficerStore } from '../db/pg-officer-store.ts';
import { PgPasskeyStore } from '../db/pg-passkey-store.ts';
import { PgRedirectUriStore } from '../db/pg-redirect-uri-store.ts';
import { PgRelyingPartyStore } from '../db/pg-relying-party-store.ts';
import { PgPersonalisationStore } from '../db/pg-personalisation-store.ts';
import { PgPushStore } from '../db/pg-push-store.ts';
import { PgReminderStore } from '../db/pg-reminder-store.ts';
import { PgRenewalStore } from '../db/pg-renewal-store.ts';
import { PgResponderRequests } from '../db/pg-responder-requests.ts';
import { PgReadyDigestStore } from '../db/pg-ready-digest-store.ts';
import { PgRegisterAnswers } from '../db/pg-register-answers.ts';
import { PgSelfServiceStore } from '../db/pg-self-service-store.ts';
import { PgServiceKeys } from '../db/pg-service-keys.ts';
import { PgSignatureEvidence } from '../db/pg-signature-evidence.ts';
import { PgSessionSteps } from '../db/pg-session-steps.ts';
import { PgSessionStore } from '../db/pg-session-store.ts';
import { PgPairingStore } from '../db/pg-pairing-store.ts';
import { PgStatusHistory } from '../db/pg-status-history.ts';
import { PgServiceUnits } from '../db/pg-service-units.ts';
import { PgValidationRecords } from '../db/pg-validation-records.ts';
import { PgLogKeys } from '../db/pg-log-keys.ts';
import { PgLogSequencer } from '../db/pg-log-sequencer.ts';
import { PgTransparencyLog } from '../db/pg-transparency-log.ts';
import { PgUnacceptedApplications } from '../db/pg-unaccepted-applications.ts';
import { PgStatusStore } from '../db/pg-status-store.ts';

export type Stores = ReturnType<typeof openStores>;

/** Every store over one pool. */
export function openStores(opened: OpenedPool) {
  const database = new Database(opened.pool);
  const credentials = new PgOfficerCredentials();
  return {
    database,
    // Each authority asks by its own port.
    approvalCredentials: credentials,
    officerCredentials: credentials,
    activations: new PgActivationStore(database),
    applications: new PgApplicationStore(database),
    approvals: new PgApprovalStore(database),
    attestations: new PgAttestationStore(database),
    audit: new PgAuditLog(),
    authorities: new PgAuthorityStore(),
    authorizationRecords: new PgAuthorizationRecords(),
    blockedKeys: new PgBlockedKeys(database),
    callbacks: new PgCallbackStore(database),
    cards: new PgCardStore(database),
    certificates: new PgCertificateStore(),
    challenges: new PgChallengeStore(),
    credentials: new PgCredentialDirectory(database),
    cscAuthorizations: new PgCscAuthorizationStore(database),
    crlStatuses: new PgCrlStatusSource(database),
    crls: new PgCrlStore(database),
    figures: new PgDashboard(database),
    directory: new PgCertificateDirectory(database),
    devices: new PgDeviceStore(database),
    drafts: new PgDraftStore(database),
    idempotency: new PgIdempotencyStore(),
    lockouts: new PgLockoutStore(),
    evidence: new PgEvidenceStore(database),
    holders: new PgHolderStore(database),
    holds: new PgHoldStore(database),
    holderCertificates: new PgLicenceCertificates(database),
    inspections: new PgInspectionStore(database),
    // Of its own: who answers one holds a transaction open while the issuer has others.
    issuanceRequests: new PgIssuanceRequests(new Database(opened.pool)),
    keptVerdicts: new PgKeptVerdictStore(database),
    licenceHistory: new PgLicenceHistory(database),
    licences: new PgLicenceStore(database),
    logKeys: new PgLogKeys(),
    logSequencer: new PgLogSequencer(),
    messages: new PgMessageStore(database),
    selfService: new PgSelfServiceStore(database),
    ocspStatuses: new PgOcspStatusSource(database),
    offices: new PgOfficeStore(database),
    officerCertificates: new PgOfficerCertificateStore(database),
    officerChanges: new PgOfficerChangeStore(database),
    officers: new PgOfficerStore(database),
    passkeys: new PgPasskeyStore(),
    oauthRecords: new PgOauthRecordStore(database),
    redirectUris: new PgRedirectUriStore(database),
    readyDigests: new PgReadyDigestStore(),
    relyingParties: new PgRelyingPartyStore(database),
    personalisations: new PgPersonalisationStore(database),
    pushes: new PgPushStore(database),
    renewals: new PgRenewalStore(database),
    reminders: new PgReminderStore(database),
    responderRequests: new PgResponderRequests(),
    registerAnswers: new PgRegisterAnswers(database),
    serviceKeys: new PgServiceKeys(database),
    sessions: new PgSessionStore(database),
    sessionSteps: new PgSessionSteps(database),
    pairings: new PgPairingStore(),
    signatureEvidence: new PgSignatureEvidence(database),
    statusHistory: new PgStatusHistory(database),
    statuses: new PgStatusStore(),
    serviceUnits: new PgServiceUnits(),
    transparency: new PgTransparencyLog(database),
    unaccepted: new PgUnacceptedApplications(database),
    validationRecords: new PgValidationRecords(database),
  };
}
