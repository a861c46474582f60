import { DomainError } from '../core/errors.ts';
import type { DomainErrorOptions } from '../core/errors.ts';

export type SigningErrorCode =
  | 'signer-certificate-mismatch'
  | 'signature-algorithm-unsupported'
  | 'augmentation-not-possible'
  | 'certificate-unreadable'
  | 'relying-party-unknown'
  | 'relying-party-exists'
  | 'relying-party-changed'
  | 'relying-party-credentials'
  | 'client-credential-malformed'
  | 'client-credential-unknown'
  | 'client-not-accepted'
  | 'client-token-invalid'
  | 'callback-url-malformed'
  | 'callback-not-allowed'
  | 'device-not-accepted'
  | 'device-token-invalid'
  | 'document-unreadable'
  | 'document-format'
  | 'documents-too-large'
  | 'signature-not-permitted'
  | 'signature-too-large'
  | 'credential-unknown'
  | 'credential-not-valid'
  | 'credential-blocked'
  | 'licence-not-active'
  | 'session-unknown'
  | 'session-state'
  | 'session-open'
  | 'idempotency-key-reused'
  | 'display-differs'
  | 'code-not-confirmed'
  | 'device-signature-wrong'
  | 'signature-replayed'
  | 'push-not-offered'
  | 'push-endpoint-not-allowed'
  | 'push-key-unknown'
  | 'push-subscription-malformed'
  | 'pairing-unknown'
  | 'pairing-used'
  | 'pairing-expired'
  | 'pairing-for-another'
  | 'signature-evidence-unknown'
  | 'signature-evidence-deleted'
  | 'signature-evidence-missing'
  | 'time-stamp-missing'
  | 'validation-material-missing'
  | 'level-not-offered'
  | 'digests-not-allowed'
  | 'digests-not-signed'
  | 'digest-signed-before';

/** A refusal to sign, or to have something signed. */
export class SigningError extends DomainError<SigningErrorCode> {
  constructor(code: SigningErrorCode, detail: string, options?: DomainErrorOptions) {
    super(code, detail, options);
    this.name = 'SigningError';
  }
}
