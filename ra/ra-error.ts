import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type RaErrorCode =
  | 'application-unknown'
  | 'application-state'
  | 'application-changed'
  | 'four-eyes'
  | 'own-case'
  | 'manager-approves'
  | 'approval-unsigned'
  | 'approval-outdated'
  | 'approval-invalid'
  | 'draft-incomplete'
  | 'idempotency-key-reused'
  | 'role-missing'
  | 'key-in-use'
  | 'certificate-not-found'
  | 'name-not-persian'
  | 'latin-name-malformed'
  | 'login-link-invalid'
  | 'session-invalid'
  | 'assertion-invalid'
  | 'certificate-not-accepted'
  | 'sign-count-regression'
  | 'registration-invalid'
  | 'credential-in-use'
  | 'passkeys-too-many'
  | 'passkey-unknown'
  | 'locked-out'
  | 'officer-unknown'
  | 'officer-state'
  | 'officer-has-credentials'
  | 'office-unknown'
  | 'roles-incompatible'
  | 'change-unknown'
  | 'change-state'
  | 'change-pending'
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
