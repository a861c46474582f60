import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type CaErrorCode =
  | 'authority-unknown'
  | 'profile-unknown'
  | 'profile-invalid'
  | 'profile-not-offered'
  | 'subject-incomplete'
  | 'validity-exceeds-issuer'
  | 'lint-failed'
  | 'lint-input-unknown'
  | 'token-foreign'
  | 'token-used'
  | 'serial-taken'
  | 'key-reused'
  | 'holder-has-certificate'
  | 'replaced-unknown'
  | 'renewal-early'
  | 'renewal-late'
  | 'authority-revoked'
  | 'authority-expired'
  | 'authorization-missing'
  | 'approval-differs'
  | 'approval-credential'
  | 'approval-signature'
  | 'approval-used'
  | 'activation-missing'
  | 'attestation-differs'
  | 'signature-wrong'
  | 'request-unreadable'
  | 'certificate-unknown'
  | 'status-transition'
  | 'status-reason'
  | 'crl-clock-behind';

/** A refusal by the certification authority. */
export class CaError extends DomainError<CaErrorCode> {
  constructor(code: CaErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'CaError';
  }
}
