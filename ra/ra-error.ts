import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type RaErrorCode =
  | 'application-unknown'
  | 'application-state'
  | 'application-changed'
  | 'four-eyes'
  | 'role-missing'
  | 'key-in-use'
  | 'certificate-not-found'
  | 'holder-unknown'
  | 'evidence-unknown'
  | 'evidence-type'
  | 'evidence-active-content'
  | 'evidence-name-malformed'
  | 'evidence-too-large'
  | 'evidence-too-many'
  | 'evidence-deleted'
  | 'evidence-missing'
  | 'legal-hold-unknown'
  | 'self-service-refused'
  | 'secret-missing'
  | 'password-weak'
  | 'renewal-unknown'
  | 'renewal-signature-malformed'
  | 'renewal-signature-wrong'
  | 'renewal-too-early'
  | 'in-person-needed'
  | 'contact-missing'
  | 'office-unknown'
  | 'inspection-unknown'
  | 'inspection-period'
  | 'inspection-empty'
  | 'inspection-closed'
  | 'inspection-outcome'
  | 'inspection-case-unknown'
  | 'mobile-malformed'
  | 'email-malformed'
  | 'contact-empty'
  | 'name-not-persian'
  | 'latin-name-malformed'
  | 'login-link-invalid'
  | 'session-invalid'
  | 'officer-unknown'
  | 'register-unchecked'
  | 'register-unavailable'
  | 'register-no-match'
  | 'register-check-outdated'
  | 'licence-not-active'
  | 'message-signature-invalid'
  | 'message-signature-stale'
  | 'licence-message-malformed'
  | 'message-id-reused';

/** A refusal by the registration authority. */
export class RaError extends DomainError<RaErrorCode> {
  constructor(code: RaErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'RaError';
  }
}
