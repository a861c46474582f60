export type FindingCode =
  | 'authority-unreadable'
  | 'authority-signature'
  | 'certificate-unreadable'
  | 'certificate-without-intent'
  | 'certificate-tbs-differs'
  | 'certificate-signature'
  | 'certificate-fingerprint'
  | 'certificate-key-hash'
  | 'certificate-columns'
  | 'certificate-without-application'
  | 'status-not-issued'
  | 'status-transition'
  | 'status-time'
  | 'status-of-no-certificate'
  | 'evidence-content'
  | 'evidence-size'
  | 'hold-without-cause'
  | 'cause-without-hold'
  | 'change-number-gap'
  | 'change-counter'
  | 'event-missing'
  | 'crl-unreadable'
  | 'crl-signature'
  | 'crl-columns'
  | 'crl-numbers'
  | 'crl-content'
  | 'approval-unreadable'
  | 'approval-columns'
  | 'approval-differs'
  | 'approval-credential'
  | 'approval-signature'
  | 'approval-missing'
  | 'renewal-signature'
  | 'renewal-differs'
  | 'renewal-open'
  | 'activation-missing'
  | 'activation-differs'
  | 'attestation-differs'
  | 'intent-open'
  | 'application-open'
  | 'application-without-certificate';

/** Something in the records that is not as it has to be: what, and which row. */
export interface Finding {
  code: FindingCode;
  /** `certificate:<authority>/<serial>`, `crl:<authority>/<scope>/<number>`, `change:<number>` and so on. */
  subject: string;
  detail: string;
}
